using System;
using System.IO;
using System.Threading.Tasks;
using DingStream;

/// <summary>Files, up and down.</summary>
internal static class Filing
{
    internal static void Media()
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(async message =>
            {
                Report.Handled();
                try
                {
                    await Act(client, message);
                }
                catch (DingStreamException error)
                {
                    Report.Error(error);
                }
            });
            client.Run();
        }
    }

    private static async Task Act(Client client, BotMessage message)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString()));
        try
        {
            switch (message.Text)
            {
                case "upload":
                    Uploaded(await client.UploadAsync(MediaType.File, "report.pdf", new byte[200000]));
                    break;
                case "upload file":
                    var photo = Path.Combine(folder.FullName, "photo.png");
                    File.WriteAllBytes(photo, new byte[1000]);
                    Uploaded(await client.UploadAsync(MediaType.Image, photo));
                    break;
                case "upload text":
                    Uploaded(await client.UploadAsync(MediaType.File, "notes.txt", new byte[10]));
                    break;
                case "download":
                    var download = await client.DownloadAsync(message.DownloadCodes.Text("/0"));
                    Report.Say("downloaded", download.Data.Length);
                    break;
                case "download file":
                    var told = await client.DownloadFileAsync(message.DownloadCodes.Text("/0"), folder.FullName);
                    Report.Say("downloaded", new FileInfo(told.Text("/path")).Length);
                    break;
            }
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static void Uploaded(Json result)
    {
        Report.Say("uploaded", result.Text("/type"));
    }
}
