using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using DingStream;

/// <summary>What is said without being asked, and in every type that there is.</summary>
internal static class Saying
{
    internal static void Say()
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

    private static Task Act(Client client, BotMessage message)
    {
        switch (message.Text)
        {
            case "users":
                var users = Enumerable.Range(0, 25).Select(index => "u" + index).ToArray();
                return Send(client, Target.Users(users), Message.Markdown("t", "x"));
            case "group":
                return Send(client, Target.Group("cid1=="), Message.Text("x"));
            case "request":
                return Request(client);
            case "robot":
                return Robot();
            case "types":
                return Types(message);
            case "markdown":
                Marked();
                return Task.CompletedTask;
            case "support":
                return Support(client);
            default:
                return Task.CompletedTask;
        }
    }

    private static async Task Send(Client client, Target target, Message message)
    {
        var result = await client.SendAsync(target, message);
        Report.Say("sent", result.Count("/processQueryKeys"));
    }

    private static async Task Request(Client client)
    {
        var result = await client.RequestAsync(
            "POST",
            "/v1.0/contact/users/search",
            query: new Dictionary<string, string> { ["a"] = "b" },
            body: new Dictionary<string, object> { ["queryWord"] = "ann" });
        Report.Say("answered", new Json(result.Raw("/list") ?? "null"));
    }

    private static void Marked()
    {
        var marked = new List<string>
        {
            Markdown.Escape("a*b_[c]"),
            Markdown.Mention("138"),
            Markdown.Image("@p"),
            Markdown.Link("https://a.b/?c=d", Place.Panel),
            Markdown.Fit("| a | b |\n| --- | --- |\n| 1 | 2 |\n"),
        };
        marked.AddRange(Markdown.Split(string.Join(" ", Enumerable.Repeat("word", 20)), 64));
        Report.Say("markdown", marked);
    }

    private static async Task Support(Client client)
    {
        try
        {
            await client.RequestAsync("POST", "/v1.0/contact/users/search");
        }
        catch (DingStreamException error)
        {
            string[] facts = { "client id", "HTTP status", "code" };
            Report.Say(new Dictionary<string, object>
            {
                ["support"] = error.SupportText.Split('\n').Where(line => facts.Any(fact => line.StartsWith(fact))),
                ["requiredScopes"] = error.RequiredScopes,
            });
        }
    }

    private static async Task Robot()
    {
        var options = new WebhookOptions { Overflow = Overflow.Drop };
        var url = Environment.GetEnvironmentVariable("DINGSTREAM_BOT_WEBHOOK") ?? "";
        var secret = Environment.GetEnvironmentVariable("DINGSTREAM_BOT_WEBHOOK_SECRET") ?? "";
        using (var webhook = new Webhook(url, secret, options))
        {
            var result = await webhook.SendAsync(Message.Text("disk full"));
            Report.Say("robot", result.Int("/sent"));
        }
    }

    private static async Task Types(BotMessage message)
    {
        Button b1 = new Button("b1", "https://u"), b2 = new Button("b2", "https://u");
        await Reply(message, Via.Auto,
            Message.Text("x"),
            Message.Markdown("t", "x"),
            Message.Link("t", "x", "https://u", picture: "https://p"),
            Message.ActionCard("t", "x", new[] { b1 }),
            Message.ActionCard("t", "x", new[] { b1, b2 }, horizontal: true),
            Message.FeedCard(new[] { new Entry("a", "https://u", "https://p") }));
        await Reply(message, Via.OpenApi,
            Message.Image("@p"), Message.Audio("@a", 4000), Message.File("@f", "a.pdf"), Message.Video("$v", "$c", 5));
    }

    private static async Task Reply(BotMessage message, Via via, params Message[] replies)
    {
        foreach (var reply in replies)
        {
            var result = await message.ReplyAsync(reply, via);
            Report.Say("replied", result.Text("/via"));
        }
    }
}
