using System;
using System.Threading.Tasks;
using DingStream;

/// <summary>Starting, stopping, and reading one delivery after the other.</summary>
internal static class Living
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    internal static void Stop()
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(async message =>
            {
                Report.Handled();
                await message.ReplyAsync(Message.Text("stopping"));
                _ = client.StopAsync(Deadline);
            });
            client.Run();
        }
    }

    internal static void Restart()
    {
        RestartAsync().GetAwaiter().GetResult();
    }

    internal static void Start()
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(message => Report.Handled());
            client.StartAsync().GetAwaiter().GetResult();
            client.StopAsync(Deadline).GetAwaiter().GetResult();
        }
    }

    internal static void Iterate()
    {
        using (var client = Bot.Make())
        {
            foreach (var delivery in client.Deliveries(Kind.Message, Kind.Event))
            {
                Report.Handled();
                var message = delivery as BotMessage;
                if (message == null)
                {
                    continue;
                }
                message.ReplyAsync(Message.Text(message.Text)).GetAwaiter().GetResult();
                if (message.Text == "stop")
                {
                    client.StopAsync(Deadline);
                }
            }
        }
    }

    private static async Task RestartAsync()
    {
        var run = 0;
        var handled = new TaskCompletionSource<bool>();
        using (var client = Bot.Make())
        {
            client.OnMessage(async message =>
            {
                Report.Handled();
                await message.ReplyAsync(Message.Text($"run {run}: {message.Text}"));
                handled.TrySetResult(true);
            });
            for (run = 1; run <= 2; run++)
            {
                handled = new TaskCompletionSource<bool>();
                await client.StartAsync();
                await handled.Task;
                await client.StopAsync(Deadline);
            }
        }
    }
}
