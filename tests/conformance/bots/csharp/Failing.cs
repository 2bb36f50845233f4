using System;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

/// <summary>Errors of every kind that a bot can meet.</summary>
internal static class Failing
{
    internal static void Errors()
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
                catch (OperationCanceledException)
                {
                    Report.Error(ErrorKind.Cancelled);
                }
            });
            client.Run();
        }
    }

    private static Task Act(Client client, BotMessage message)
    {
        switch (message.Text)
        {
            case "elsewhere":
                return client.RequestAsync("GET", "https://elsewhere/");
            case "config":
                new Client("", "demo-secret").Dispose();
                return Task.CompletedTask;
            case "long":
                return message.ReplyAsync(Message.Text(new string('x', 1048576)));
            case "cancel":
                return Cancel(client);
            case "closed":
                return Close();
            case "busy":
                return Crowd();
            default:
                return Task.CompletedTask;
        }
    }

    private static async Task Cancel(Client client)
    {
        using (var cancel = new CancellationTokenSource())
        {
            var sent = client.SendAsync(Target.Group("cid1=="), Message.Text("x"), cancel.Token);
            cancel.Cancel();
            await sent;
        }
    }

    private static async Task Close()
    {
        using (var client = new Client("ding-second", "second-secret"))
        {
            client.OnMessage(message => { });
            var start = client.StartAsync();
            _ = client.StopAsync(TimeSpan.Zero);
            await start;
        }
    }

    private static async Task Crowd()
    {
        var url = Environment.GetEnvironmentVariable("DINGSTREAM_BOT_WEBHOOK");
        using (var webhook = new Webhook(url, "", new WebhookOptions { Overflow = Overflow.Wait }))
        {
            for (var count = 1; count < 1100; count++)
            {
                _ = webhook.SendAsync(Message.Text("x"));
            }
            await webhook.SendAsync(Message.Text("x"));
        }
    }
}
