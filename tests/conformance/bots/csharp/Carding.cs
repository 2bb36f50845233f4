using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using DingStream;

/// <summary>Cards that don't type, and their clicks.</summary>
internal static class Carding
{
    private static readonly Space Group = Space.Group("cid1==");

    internal static void Cards()
    {
        using (var client = Bot.Make(new ClientOptions { AnswerMessage = Answer.OnCompletion, Ordering = Ordering.None }))
        {
            client.OnMessage(async message =>
            {
                Report.Handled();
                try
                {
                    await Act(client, message.Text);
                }
                catch (DingStreamException error)
                {
                    Report.Error(error);
                }
            });
            client.OnCard(card =>
            {
                Report.Handled();
                return card.ActionType == "dynamicDataCallback" ? (object)Dynamic(card) : Clicked(card);
            });
            client.Run();
        }
    }

    private static async Task Act(Client client, string text)
    {
        switch (text)
        {
            case "send":
                Sent(await client.CardSendAsync(News()));
                break;
            case "update":
                await client.CardUpdateAsync("t-1", Fields("count", 2));
                Report.Say("updated", true);
                break;
            case "top":
                await Top(client);
                break;
            case "public":
                await Public(client);
                break;
            case "route":
                await client.CardRegisterCallbackAsync("r", "https://example.com/c", "planted-route-secret", force: true);
                Report.Say("route", true);
                break;
            case "standard":
                var sent = await client.StandardCardSendAsync(Target.Group("cid1=="), "biz-1", Ordinary("a"));
                await client.StandardCardUpdateAsync("biz-1", Ordinary("b"));
                Report.Say("standard", sent.Text("/cardBizId"));
                break;
            case "refused":
                await client.CardSendAsync(new Card("StandardCard").Space(Group));
                break;
            case "unknown":
                await client.CardUpdateAsync("nobody", Fields("title", "t"));
                break;
        }
    }

    private static Card News()
    {
        return new Card("mine.schema", Fields("title", "t"))
            .TrackId("t-1")
            .Value("count", 1)
            .Value("list", new[] { Fields("a", true) })
            .PrivateValue("u1", "title", "for you")
            .Space(Group.At("@ALL", "@ALL"))
            .Space(Space.Robot("u1"))
            .LastMessage("news");
    }

    private static void Sent(Json result)
    {
        var spaces = Enumerable.Range(0, result.Count("/deliverResults"));
        Report.Say("sent", new Dictionary<string, object>
        {
            ["outTrackId"] = result.Text("/outTrackId"),
            ["spaces"] = spaces.Select(index => result.Bool($"/deliverResults/{index}/success")),
        });
    }

    private static async Task Top(Client client)
    {
        var card = new Card("mine.schema", Fields("title", "t")).TrackId("t-2");
        var top = card.Space(Space.Top("cid1==", DateTimeOffset.FromUnixTimeMilliseconds(4000000000000)));
        await client.CardCreateAsync(card.Space(Group));
        await client.CardAddSpacesAsync(top);
        await client.CardDeliverAsync(top);
        await client.CardCloseTopAsync("t-2", "cid1==");
        Report.Say("top", true);
    }

    private static async Task Public(Client client)
    {
        var cards = new[]
        {
            Card.Markdown("t", "m"),
            Card.MarkdownButtons(null, "m", new[] { CardButton.Link("b", "https://e") }, tips: "x"),
            Card.AiMarkdown(null, "m", new[] { CardButton.Action("b", "i") }),
            Card.Carousel(null, "m", new[] { new Slide("s", "@i") }, "Choose"),
        };
        foreach (var card in cards)
        {
            await client.CardSendAsync(card.Space(Group));
        }
        Report.Say("public", cards.Length);
    }

    private static CardResponse Clicked(CardAction card)
    {
        Report.Say("clicked", new Dictionary<string, object>
        {
            ["actionIds"] = card.ActionIds,
            ["params"] = card.Params,
            ["userId"] = card.UserId,
        });
        return new CardResponse(Fields("count", 1), Fields("title", "mine"));
    }

    private static DynamicData Dynamic(CardAction card)
    {
        var sources = card.DynamicDataSourceIds;
        var data = new DynamicData();
        for (var index = 0; index < sources.Count(""); index++)
        {
            data = data.Value(sources.Text("/" + index), Fields("x", 1));
        }
        return data;
    }

    private static Dictionary<string, object> Ordinary(string text)
    {
        var content = new Dictionary<string, object> { ["type"] = "markdown", ["text"] = text, ["id"] = "1" };
        return Fields("contents", new[] { content });
    }

    private static Dictionary<string, object> Fields(string name, object value)
    {
        return new Dictionary<string, object> { [name] = value };
    }
}
