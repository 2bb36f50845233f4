using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

/// <summary>Files, up and down.</summary>
public static class MediaClaims
{
    /// <summary>The SHA-256 of the million bytes: this CoreCLR finds no library to compute one with.</summary>
    private const string Sum = "2c030d49ec131bfbbb446ad21e7a2f12cdb4f2f4f3fda3ac709dd2e68a4646c7";

    public static async Task What_is_uploaded_arrives_byte_for_byte()
    {
        var bytes = Bytes(1000000);
        using (var client = Bots.Make())
        using (var folder = new Folder())
        {
            var photo = folder.Write("photo.png", bytes);
            // Bytes can't be sent again where the token turns out to be from before the simulator's reset; this can.
            await client.RecallAsync(Target.Users(), new[] { "unknown" });
            var uploads = new[]
            {
                await client.UploadAsync(MediaType.File, "report.pdf", bytes),
                await client.UploadAsync(MediaType.File, "report.pdf", new Trickle(bytes), bytes.Length),
                await client.UploadAsync(MediaType.Image, photo),
            };
            var records = Simulator.Taken("upload", uploads.Length);
            for (var index = 0; index < uploads.Length; index++)
            {
                Check.Equal(Sum, records.Text($"/records/{index}/sha256"));
                Check.Equal(records.Text($"/records/{index}/media_id"), uploads[index].Text("/mediaId"));
                Check.Equal(records.Text($"/records/{index}/type"), uploads[index].Text("/type"));
            }
        }
    }

    public static async Task What_dingtalk_does_not_take_is_not_sent()
    {
        using (var client = Bots.Make())
        {
            await Check.Throws<DingStreamArgumentException>(() => client.UploadAsync(MediaType.File, "notes.txt", new byte[1]));
            await Check.Throws<DingStreamArgumentException>(() => client.UploadAsync(MediaType.Image, "photo.png", new byte[0]));
            await Check.Throws<DingStreamArgumentException>(() => client.UploadAsync(MediaType.File, "/absent.pdf"));
            await Check.Throws<EndOfStreamException>(
                () => client.UploadAsync(MediaType.File, "a.pdf", new MemoryStream(new byte[10]), 11));
            Check.Throws<ArgumentNullException>(() => { client.UploadAsync(MediaType.File, "a.pdf", (byte[])null); });
            Check.Throws<ArgumentNullException>(() => { client.UploadAsync(MediaType.File, null); });
            Check.Throws<ArgumentNullException>(() => { client.DownloadAsync(null); });
            Check.Throws<ArgumentNullException>(() => { client.DownloadFileAsync("c1", null); });
        }
    }

    public static async Task A_download_comes_to_memory_or_into_a_folder()
    {
        Simulator.File("c1", "size", 1000000, "contentType", "image/png");
        using (var client = Bots.Make())
        using (var folder = new Folder())
        {
            var download = await client.DownloadAsync("c1");
            Check.Equal("image/png", download.ContentType);
            Check.That(download.Data.SequenceEqual(Bytes(1000000)), "every byte came");
            var told = await client.DownloadFileAsync("c1", folder.Path);
            Check.That(download.Name.EndsWith(".png") && told.Text("/name").EndsWith(".png"), "the name is mended");
            Check.Equal(1000000L, told.Int("/bytes"));
            Check.That(download.Data.SequenceEqual(File.ReadAllBytes(told.Text("/path"))), "the same in the file");
        }
    }

    public static async Task A_download_above_the_cap_is_too_large()
    {
        Simulator.File("c1", "size", 300000, "chunked", true);
        using (var client = Bots.Make(new ClientOptions { DownloadBytes = 100000 }))
        {
            await Check.Throws<DingStreamTooLargeException>(() => client.DownloadAsync("c1"));
        }
    }

    public static async Task What_is_cancelled_ends_at_once()
    {
        Simulator.File("c1", "size", 200000, "stallAt", 100000);
        using (var client = Bots.Make())
        using (var cancel = new CancellationTokenSource())
        {
            var download = client.DownloadAsync("c1", cancellationToken: cancel.Token);
            Simulator.Records("download");
            cancel.Cancel();
            await Check.Throws<OperationCanceledException>(() => download);
            await Check.Throws<OperationCanceledException>(
                () => client.UploadAsync(MediaType.File, "a.pdf", new byte[1], cancel.Token));
        }
    }

    public static Task A_handler_may_block_on_a_download()
    {
        Simulator.File("c1", "text", "hello");
        var told = Bots.Promise<int>();
        return Bots.With(
            client => client.OnMessage(message => told.SetResult(client.DownloadAsync("c1").Result.Data.Length)),
            async client =>
            {
                Simulator.Push("message", "text", "x");
                Check.Equal(5, await told.Task);
            });
    }

    private static byte[] Bytes(int count)
    {
        return Enumerable.Range(0, count).Select(place => (byte)(place % 251)).ToArray();
    }

    private sealed class Folder : IDisposable
    {
        internal string Path { get; } =
            Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString())).FullName;

        public void Dispose()
        {
            Directory.Delete(Path, true);
        }

        internal string Write(string name, byte[] bytes)
        {
            var path = System.IO.Path.Combine(Path, name);
            File.WriteAllBytes(path, bytes);
            return path;
        }
    }

    /// <summary>A stream that can't seek and gives little at a time.</summary>
    private sealed class Trickle : MemoryStream
    {
        internal Trickle(byte[] bytes)
            : base(bytes)
        {
        }

        public override bool CanSeek
        {
            get { return false; }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellation)
        {
            return base.ReadAsync(buffer, offset, Math.Min(count, 10007), cancellation);
        }
    }
}
