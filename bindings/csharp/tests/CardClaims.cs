using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

/// <summary>Cards that don't type, and what answers their clicks.</summary>
public static class CardClaims
{
    private const string Template = "mine.schema";

    public static async Task A_card_is_sent_to_every_kind_of_space_and_updated()
    {
        Simulator.Template(Template, "title", "count", "list");
        using (var client = Bots.Make())
        {
            var card = new Card(Template, Fields("title", "t"))
                .Value("count", 1)
                .Value("list", new[] { Fields("a", true) })
                .PrivateValue("u1", "title", "for you")
                .Space(Space.Group("cid1==").At("@ALL", "@ALL").Recipients("u1", "u2"))
                .Space(Space.Robot("u1"))
                .Space(Space.Single("cid2=="));
            var sent = await client.CardSendAsync(card);
            Check.Equal(3, sent.Count("/deliverResults"));
            Check.Equal(true, sent.Bool("/deliverResults/0/success"));
            var id = sent.Text("/outTrackId");
            Check.Equal("{\"title\":\"t\",\"count\":\"1\",\"list\":\"[{\\\"a\\\":true}]\"}", Sorted("title", "count", "list"));
            Check.Equal("for you", Simulator.Cards().Text("/cards/0/users/u1/title"));
            var delivered = Simulator.Taken("card").Raw("/records/0/body/imGroupOpenDeliverModel");
            Check.Contains("\"atUserIds\":{\"@ALL\":\"@ALL\"}", delivered);
            Check.Contains("\"recipients\":[\"u1\",\"u2\"]", delivered);

            var own = Fields("u1", Fields("title", "yours"));
            await client.CardUpdateAsync(id, Fields("count", 2), own);
            Check.Equal("t 2", Param("title") + " " + Param("count"));
            Check.Equal("yours", Simulator.Cards().Text("/cards/0/users/u1/title"));
            await client.CardUpdateAsync(id, Fields("title", "alone"), whole: true);
            Check.Equal("{\"title\":\"alone\"}", Simulator.Cards().Raw("/cards/0/params"));
        }
    }

    public static async Task A_card_is_created_given_a_space_on_top_delivered_and_taken_from_there()
    {
        Simulator.Template(Template, "title");
        using (var client = Bots.Make())
        {
            var card = new Card(Template, Fields("title", "t")).TrackId("t-1");
            var top = card.Space(Space.Top("cid1==", DateTimeOffset.UtcNow.AddDays(1)));
            Check.Equal("t-1", (await client.CardCreateAsync(card.Space(Space.Group("cid1==")))).Text("/outTrackId"));
            await client.CardAddSpacesAsync(top);
            await client.CardDeliverAsync(top);
            Check.Equal("ONE_BOX", Simulator.Cards().Text("/cards/0/spaces/0/spaceType"));
            await client.CardCloseTopAsync("t-1", "cid1==");
            Check.Equal(true, Simulator.Cards().Bool("/cards/0/spaces/0/closed"));
        }
    }

    public static async Task A_card_says_how_it_is_shown_found_and_forwarded()
    {
        Simulator.Template(Template, "title");
        using (var client = Bots.Make())
        {
            var card = new Card(Template, Fields("title", "t")).Space(Space.Group("cid1=="));
            await client.CardSendAsync(card
                .LastMessage("news")
                .Notification("look")
                .Search("@icon", "report", "of today")
                .Forwardable(false)
                .CallbackRoute("r"));
            var languages = new Dictionary<string, string> { ["ZH_CN"] = "新", ["JA_JP"] = "新着" };
            await client.CardSendAsync(card.LastMessage(languages).Silent().With("userIdType", 1));
            var sent = Simulator.Taken("card", 2);
            var model = sent.Raw("/records/0/body/imGroupOpenSpaceModel");
            foreach (var part in new[] { "\"ZH_CN\":\"news\"", "\"alertContent\":\"look\"", "@icon", "\"supportForward\":false" })
            {
                Check.Contains(part, model);
            }
            Check.Equal("HTTP r", sent.Text("/records/0/body/callbackType") + " " + sent.Text("/records/0/body/callbackRouteKey"));
            model = sent.Raw("/records/1/body/imGroupOpenSpaceModel");
            Check.Contains("\"JA_JP\":\"新着\"", model);
            Check.Contains("\"notificationOff\":true", model);
            Check.Equal("STREAM", sent.Text("/records/1/body/callbackType"));
        }
    }

    public static async Task Public_templates_need_no_platform()
    {
        using (var client = Bots.Make())
        {
            var cards = new[]
            {
                Card.Markdown("t", "m", "@logo"),
                Card.MarkdownButtons(null, "m", new[] { CardButton.Link("b", "https://e") }, tips: "x"),
                Card.AiMarkdown(null, "m", new[] { CardButton.Action("b", "i").Color("blue") }),
                Card.AiMarkdown("t", "m"),
                Card.Carousel(null, "m", new[] { new Slide("s", "@i") }, "Choose"),
            };
            foreach (var card in cards)
            {
                await client.CardSendAsync(card.Space(Space.Group("cid1==")));
            }
            var shown = Simulator.Cards();
            Check.Equal("t m @logo", string.Join(" ", new[] { "title", "markdown", "logo" }.Select(name => Param(name))));
            Check.Contains("\"url\":\"https://e\"", shown.Text("/cards/1/params/sys_full_json_obj"));
            Check.Contains("\"color\":\"blue\"", shown.Text("/cards/2/params/sys_full_json_obj"));
            Check.Equal("t", shown.Text("/cards/3/params/msgTitle"));
            Check.Contains("Choose", shown.Text("/cards/4/params/sys_full_json_obj"));
            var wrong = Card.Markdown("t", "m").Value("text", "m");
            var error = Check.Throws<DingStreamArgumentException>(() => { client.CardSendAsync(wrong); });
            Check.Contains("has no field", error.Message);
        }
    }

    public static async Task A_card_never_changes_and_shows_no_value()
    {
        Simulator.Template(Template, "title");
        var first = new Card(Template).Value("title", "planted").PrivateValue("u1", "title", "a").Space(Space.Group("cid1=="));
        first.Value("title", "another").PrivateValue("u1", "title", "b").Space(Space.Robot("u1")).TrackId("t-1");
        using (var client = Bots.Make())
        {
            var told = await client.CardSendAsync(first);
            Check.That(told.Text("/outTrackId") != "t-1", "another card's id is not its own");
            Check.Equal(1, told.Count("/deliverResults"));
            Check.Equal("planted a", Param("title") + " " + Simulator.Cards().Text("/cards/0/users/u1/title"));
        }
        Check.Equal("Card(mine.schema)", first.ToString());
        Check.Equal("Space(IM_GROUP)", Space.Group("planted").At("planted", "planted").ToString());
        var silent = new object[] { CardButton.Link("planted", "planted"), new CardResponse(Fields("planted", 1)), new DynamicData() };
        Check.That(silent.All(value => !value.ToString().Contains("planted")), "no value is shown");
    }

    public static async Task What_cannot_be_sent_is_refused()
    {
        using (var client = Bots.Make())
        {
            var nowhere = new Card(Template);
            var card = nowhere.Space(Space.Group("cid1=="));
            var standard = new Card("StandardCard").Space(Space.Group("cid1=="));
            await Check.Throws<DingStreamArgumentException>(() => client.CardSendAsync(nowhere));
            await Check.Throws<DingStreamArgumentException>(() => client.CardSendAsync(standard));
            await Check.Throws<DingStreamNotFoundException>(() => client.CardSendAsync(card));
            await Check.Throws<DingStreamNotFoundException>(() => client.CardUpdateAsync("nobody", Fields("title", "t")));
            await Check.Throws<DingStreamArgumentException>(() => client.CardUpdateAsync("t-1"));
            await Check.Throws<TaskCanceledException>(() => client.CardSendAsync(card, new CancellationToken(true)));
            Check.Throws<NotSupportedException>(() => { client.CardSendAsync(card.Value("title", new Uri("http://h/"))); });
            Check.Throws<ArgumentNullException>(() => { client.CardSendAsync(null); });
            Check.Throws<ArgumentNullException>(() => { client.CardUpdateAsync(null); });
            Check.Throws<ArgumentNullException>(() => { client.CardCloseTopAsync("t-1", null); });
            Check.Throws<ArgumentNullException>(() => new Card(null));
            Check.Throws<ArgumentNullException>(() => nowhere.Space(null));
            Check.Throws<ArgumentNullException>(() => nowhere.Value(null, 1));
            Check.Throws<ArgumentNullException>(() => Space.Group(null));
            Check.Throws<ArgumentNullException>(() => CardButton.Action("b", null));
        }
        var disposed = Bots.Make();
        disposed.Dispose();
        Check.Throws<ObjectDisposedException>(() => { disposed.CardSendAsync(new Card(Template)); });
        Check.Throws<ObjectDisposedException>(() => { disposed.CardUpdateAsync("t-1", Fields("title", "t")); });
    }

    public static async Task A_callback_route_and_an_ordinary_card_are_there_too()
    {
        using (var client = Bots.Make())
        {
            var told = await client.CardRegisterCallbackAsync("r", "https://example.com/c", "planted-route-secret", force: true);
            Check.That(!told.ToString().Contains("planted"), "the answer has no secret");
            var card = new Dictionary<string, object> { ["contents"] = new[] { Fields("text", "a") } };
            var sent = await client.StandardCardSendAsync(Target.Group("cid1=="), "biz-1", card);
            Check.Equal("biz-1", sent.Text("/cardBizId"));
            await client.StandardCardUpdateAsync("biz-1", new Json("{\"contents\":[{\"text\":\"b\"}]}"));
            Check.Contains("\"b\"", Simulator.Cards().Text("/cards/0/params/cardData"));
        }
    }

    public static Task A_click_is_answered_with_what_changes()
    {
        Simulator.Template(Template, "title", "count");
        return Bots.With(
            client => client.OnCard(click =>
                new CardResponse(Fields("count", 1)).Value("title", click.ActionIds.Text("/0")).PrivateValue("title", "mine")),
            async client =>
            {
                var card = new Card(Template, Fields("title", "t")).TrackId("t-1").Space(Space.Group("cid1=="));
                await client.CardSendAsync(card);
                Simulator.Push("card", "outTrackId", "t-1", "user", "u1", "actionId", "like");
                Check.Equal(true, Simulator.Records("card&op=click").Bool("/records/0/applied"));
                var response = Response(0);
                Check.Equal("1 like", response.Text("/response/cardData/cardParamMap/count")
                    + " " + response.Text("/response/cardData/cardParamMap/title"));
                Check.Equal("mine", Simulator.Cards().Text("/cards/0/users/u1/title"));
            });
    }

    public static Task A_request_for_dynamic_data_is_answered_by_source()
    {
        return Bots.With(
            client => client.OnCard(request =>
            {
                request.Ok(new DynamicData(Fields("a", "text")).Value(request.DynamicDataSourceIds.Text("/1"), Fields("x", 1)));
            }),
            client =>
            {
                Simulator.Push("card", "outTrackId", "t-1", "dynamic", new[] { "a", "b" });
                var response = Response(0);
                Check.Equal("STRING text", Source(response, 0));
                Check.Equal("OBJECT {\"x\":1}", Source(response, 1));
                return Task.CompletedTask;
            });
    }

    private static string Source(Json response, int index)
    {
        var at = "/response/dataSourceQueryResponses/" + index;
        return response.Text(at + "/dynamicDataValueType") + " " + response.Text(at + "/data");
    }

    private static Json Response(int index)
    {
        var answers = Simulator.Records("answer", index + 1);
        return new Json(new Json(answers.Text($"/records/{index}/raw")).Text("/data"));
    }

    private static string Param(string name)
    {
        return Simulator.Cards().Text("/cards/0/params/" + name);
    }

    private static string Sorted(params string[] names)
    {
        return "{" + string.Join(",", names.Select(name => $"\"{name}\":{Simulator.Cards().Raw("/cards/0/params/" + name)}")) + "}";
    }

    private static Dictionary<string, object> Fields(string name, object value)
    {
        return new Dictionary<string, object> { [name] = value };
    }
}
