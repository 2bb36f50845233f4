using System;
using System.Threading.Tasks;
using DingStream;

/// <summary>What is said back.</summary>
internal static class Replying
{
    internal static void Echo()
    {
        OnMessage(new ClientOptions(), message => message.ReplyAsync(Message.Markdown("echo", $"**{message.Text}**")));
    }

    internal static void Slow()
    {
        OnMessage(async message =>
        {
            await Task.Delay(1000);
            await message.ReplyAsync(Message.Text($"slow: {message.Text}"));
        });
    }

    internal static void Gate()
    {
        var gone = new TaskCompletionSource<bool>();
        OnMessage(async message =>
        {
            if (message.Text == "wait")
            {
                await gone.Task;
                await message.ReplyAsync(Message.Text("waited"));
            }
            else
            {
                await message.ReplyAsync(Message.Text("gone"));
                gone.TrySetResult(true);
            }
        });
    }

    internal static void Reply()
    {
        OnMessage(async message =>
        {
            try
            {
                var result = await message.ReplyAsync(Message.Text(message.Text));
                Report.Say("replied", result.Text("/via"));
            }
            catch (DingStreamException error)
            {
                Report.Error(error);
            }
        });
    }

    internal static void Two()
    {
        using (var first = Naming("ding-demo", "demo-secret"))
        using (var second = Naming("ding-second", "second-secret"))
        {
            Task.WhenAll(first.RunAsync(), second.RunAsync()).GetAwaiter().GetResult();
        }
    }

    private static Client Naming(string clientId, string clientSecret)
    {
        var client = Bot.Make(clientId, clientSecret, new ClientOptions { AnswerMessage = Answer.OnCompletion });
        client.OnMessage(message =>
        {
            Report.Handled();
            return message.ReplyAsync(Message.Text($"{clientId}: {message.Text}"));
        });
        return client;
    }

    private static void OnMessage(Func<BotMessage, Task> handler)
    {
        OnMessage(new ClientOptions { AnswerMessage = Answer.OnCompletion }, handler);
    }

    private static void OnMessage(ClientOptions options, Func<BotMessage, Task> handler)
    {
        using (var client = Bot.Make(options))
        {
            client.OnMessage(message =>
            {
                Report.Handled();
                return handler(message);
            });
            client.Run();
        }
    }
}
