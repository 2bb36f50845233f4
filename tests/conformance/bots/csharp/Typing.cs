using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

/// <summary>Sessions that type into an AI card.</summary>
internal static class Typing
{
    private static CardSession kept;

    internal static void Type()
    {
        using (var client = Bot.Make(new ClientOptions { AnswerMessage = Answer.OnCompletion, Ordering = Ordering.None }))
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

    private static Task Act(Client client, BotMessage message)
    {
        switch (message.Text)
        {
            case "hello":
                return Hello(message);
            case "long":
                return Finish(Open(message, new CardOptions { MaxChars = 100 }), new string('字', 250));
            case "drop":
                Drop(message);
                return Task.CompletedTask;
            case "fail":
                return Fail(message);
            case "empty":
                return Finish(Open(message, new CardOptions()));
            case "twice":
                return Twice(message);
            case "open":
                var opened = Open(message, new CardOptions());
                opened.Push("one");
                Volatile.Write(ref kept, opened);
                return Task.CompletedTask;
            case "more":
                Volatile.Read(ref kept).Push(" two");
                return Task.CompletedTask;
            case "end":
                return Finish(Volatile.Read(ref kept));
            case "own":
                return Finish(message.Card("…", Own()), "42");
            case "space":
                return Finish(client.Card(Space.Group("cid1=="), "Thinking…"), "hi");
            case "options":
                message.Card(options: new CardOptions { MaxCalls = 2 });
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }

    private static CardSession Open(BotMessage message, CardOptions options)
    {
        options.Fallback = "gone wrong";
        return message.Card("Thinking…", options);
    }

    private static CardOptions Own()
    {
        return new CardOptions
        {
            Template = "mine.schema",
            Key = "answer",
            Data = new Dictionary<string, object> { ["model"] = new Dictionary<string, object> { ["name"] = "m" } },
        };
    }

    private static Task Hello(BotMessage message)
    {
        var card = Open(message, new CardOptions());
        card.Push("Hello, ");
        card.Push("**world**.");
        card.Button("Like", id: "like");
        return Finish(card);
    }

    private static void Drop(BotMessage message)
    {
        using (var card = Open(message, new CardOptions()))
        {
            card.Push("half");
        }
    }

    private static async Task Fail(BotMessage message)
    {
        using (var card = Open(message, new CardOptions()))
        {
            card.Push("half");
            Ended(await card.FailAsync("no answer"));
        }
    }

    private static async Task Finish(CardSession opened, string text = null)
    {
        using (opened)
        {
            if (text != null)
            {
                opened.Push(text);
            }
            Ended(await opened.FinishAsync());
        }
    }

    private static async Task Twice(BotMessage message)
    {
        using (var card = Open(message, new CardOptions()))
        {
            card.Push("x");
            Ended(await card.FinishAsync());
            try
            {
                card.Push("y");
            }
            catch (DingStreamException error)
            {
                Report.Error(error);
            }
            // Whose error is printed where the others are.
            await card.FinishAsync();
        }
    }

    private static void Ended(Json result)
    {
        Report.Say("card", new Dictionary<string, object>
        {
            ["via"] = result.Text("/via"),
            ["state"] = result.Text("/state"),
            ["cards"] = result.Count("/outTrackIds"),
        });
    }
}
