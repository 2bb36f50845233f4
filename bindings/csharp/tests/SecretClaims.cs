using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

public static class SecretClaims
{
    private const string Proxy = "http://planted-user:planted-password@127.0.0.1:1";

    private static readonly Message Reply =
        Message.Markdown("planted-title", "planted-reply-text").AtMobiles("planted-mobile").AtUserIds("planted-user");

    public static void What_cannot_work_is_refused_without_being_shown()
    {
        var ear = new Ear();
        foreach (var url in new[] { "ftp://planted:planted@h", "http://[planted", "planted" })
        {
            ear.Fails(() => Make(ear, new ClientOptions { Proxy = url }));
            ear.Fails(() => Make(ear, new ClientOptions { ApiProxy = url }));
        }
        ear.Fails(() => Make(ear, new ClientOptions { Endpoint = "no URL" }));
        ear.Fails(() => Make(ear, new ClientOptions { InboxCount = 0 }));
        ear.Fails(() => new Json("{\"planted\""));
        ear.Confess("proxy is no http", "api_proxy is no http", "the endpoint is no", "inbox_count takes", "not JSON");
    }

    public static async Task A_proxy_that_is_not_there_keeps_its_password()
    {
        var ear = new Ear();
        var options = new ClientOptions { Proxy = Proxy, ApiProxy = Proxy };
        using (var client = Make(ear, options))
        {
            client.OnMessage(message => { });
            client.OnState(change => ear.Hear(change, change.Data));
            var start = client.StartAsync();
            while (!ear.HasHeard("no connection"))
            {
                await Task.Delay(2);
            }
            ear.Hear(client, options);
            await client.StopAsync(TimeSpan.Zero);
            await ear.Outcome(start);
        }
        ear.Confess("no connection (try 1", "127.0.0.1", "***", "DingStreamClosedException");
    }

    public static async Task A_session_tells_no_secret()
    {
        var ear = new Ear();
        Simulator.App("ding-demo", "planted-client-secret");
        using (var refused = new Client("ding-demo", "planted-wrong-secret", Traced(ear, new ClientOptions())))
        {
            refused.OnMessage(message => { });
            await ear.Outcome(refused.StartAsync());
        }
        Simulator.Break("open", "status", 500, "body", "{\"planted\":", "times", 1);
        Simulator.Break("open", "html", true, "times", 1);
        var wrong = new Dictionary<string, object> { ["endpoint"] = "http://h/planted", ["ticket"] = "planted-ticket" };
        Simulator.Break("open", "status", 200, "body", wrong, "times", 1);
        Simulator.Break("upgrade", "status", 401, "body", "planted-body", "times", 1);
        using (var client = Make(ear, new ClientOptions()))
        {
            var turns = new SemaphoreSlim(0);
            Register(client, ear, turns);
            await ear.Outcome(client.StartAsync());
            Simulator.Push("frame", "text", "{\"planted\": broken");
            Simulator.Push("message", "text", "planted-text", "senderNick", "planted-nick");
            await turns.WaitAsync();
            Simulator.Push("event", "eventType", "user_add_org", "data", new Dictionary<string, object> { ["planted"] = 1 });
            await turns.WaitAsync();
            Simulator.Push("card", "outTrackId", "odd", "actionIds", new[] { "planted-action" });
            await turns.WaitAsync();
            Simulator.Push("card", "outTrackId", "late", "actionIds", new[] { "planted-action" });
            await turns.WaitAsync();
            ear.Hear(client, client.Stats(), client.Metrics());
            Simulator.Break("drop");
            Simulator.Records("connect", 3);
            await client.StopAsync();
        }
        ear.Confess(
            "refused the credential", "the endpoint's answer is not JSON", "no ws or wss URL", "refused the upgrade",
            "a frame was skipped", "sign not match", "the session webhook is gone", "HTTP 502", "the text message is empty",
            "cancel", "was settled before", "is no JSON", "its cause", "InvalidOperationException", "SecretClaims",
            "was answered before its handler ended", "a response came to nothing", "can't be replied to",
            "used after its handler", "the connection was lost", "dingstream_ok_total", "Message(markdown)",
            "DingStream.BotMessage");
    }

    public static async Task Cards_tell_no_secret()
    {
        const string Creation = "POST /v1.0/card/instances/createAndDeliver";
        var ear = new Ear();
        var space = Space.Group("cid1==").At("planted-user", "planted-nick");
        var texts = new CardOptions { Text = "planted-text", Fallback = "planted-fallback", LastMessage = "planted-last" };
        var values = new Dictionary<string, object> { ["planted"] = "planted-value" };
        var card = Card.AiMarkdown("planted-title", "planted-text", new[] { CardButton.Link("planted", "planted") }).Space(space);
        Simulator.App("ding-demo", "planted-client-secret");
        using (var client = Make(ear, new ClientOptions()))
        {
            ear.Hear(space, card, new CardResponse(values, values), new DynamicData(values), new Slide(null, null));
            await ear.Outcome(client.CardSendAsync(card));
            ear.Fails(() => client.CardSendAsync(card.Value("another", "planted")));
            await ear.Outcome(client.CardUpdateAsync("nobody", values));
            await ear.Outcome(client.CardRegisterCallbackAsync("r", "https://example.com/", "planted-secret", true));
            await ear.Outcome(client.StandardCardSendAsync(Target.Users("u1", "u2"), "biz-1", values));
            await Type(client, ear, space, texts);
            Simulator.Break("PUT /v1.0/card/streaming", "status", 502, "body", "<html>planted", "times", 1);
            await Type(client, ear, space, texts);
            Simulator.Break(Creation, "code", "param.templateUnpublished", "times", 1);
            await Type(client, ear, space, texts);
            Simulator.Break(Creation, "code", "param.templateUnpublished", "times", 1);
            await Type(client, ear, Space.Other("IM_ELSEWHERE", "planted"), texts);
            ear.Fails(() => client.Card(space, "planted", new CardOptions { MaxCalls = 1, Fallback = "planted" }));
        }
        ear.Confess(
            "Card(ai_markdown)", "Space(IM_GROUP)", "DingStream.CardResponse", "DingStream.CardSession", "has no field",
            "the card session has ended", "one group or one user", "degraded", "not published", "max_calls is at least");
    }

    public static void A_debugger_shows_a_value_as_it_shows_itself()
    {
        var types = typeof(Client).Assembly.GetExportedTypes();
        Check.Equal(0, types.Count(type => type.IsDefined(typeof(DebuggerDisplayAttribute), true)));
        Check.Equal(0, types.Count(type => type.IsDefined(typeof(DebuggerTypeProxyAttribute), true)));
    }

    private static void Register(Client client, Ear ear, SemaphoreSlim turns)
    {
        client.OnState(change => ear.Hear(change, change.Data));
        client.OnMessage(async message =>
        {
            ear.Keep(message.Json.Text("/sessionWebhook").Split('=').Last());
            ear.Hear(message, Reply);
            await ear.Outcome(message.ReplyAsync(Reply));
            Simulator.Break("webhook", "errcode", 310000, "errmsg", "sign not match", "times", 1);
            await ear.Outcome(message.ReplyAsync(Reply));
            Simulator.Break("webhook", "errcode", 300001, "times", 1);
            await ear.Outcome(message.ReplyAsync(Reply, Via.Session));
            Simulator.Break("webhook", "status", 502, "body", "<html>planted", "times", 1);
            await ear.Outcome(message.ReplyAsync(Reply));
            await ear.Outcome(message.ReplyAsync(Message.Text("")));
            await ear.Outcome(message.ReplyAsync(Reply, new CancellationToken(true)));
            ear.Fails(() => Json.From(new Uri("http://planted/")));
            message.Ok();
            ear.Fails(() => Settle(message));
            _ = UseAfterwards(message, ear, turns);
        });
        client.OnEvent(change =>
        {
            ear.Hear(change);
            turns.Release();
            throw new InvalidOperationException("a handler that throws", new FormatException("its cause"));
        });
        client.OnCard(async card =>
        {
            ear.Hear(card);
            if (card.OutTrackId == "late")
            {
                Simulator.Records("answer", 4);
                ear.Fails(() => Settle(card));
            }
            await ear.Outcome(card.ReplyAsync(Reply));
            turns.Release();
            return card.OutTrackId == "late" ? (object)"planted-response" : new Uri("http://planted/");
        });
    }

    private static async Task Type(Client client, Ear ear, Space space, CardOptions options)
    {
        using (var session = client.Card(space, "planted-opening", options))
        {
            session.Push("planted-push");
            session.Value("msgTitle", "planted-title");
            session.Button("planted-label", id: "planted-id");
            await ear.Outcome(session.FinishAsync());
            ear.Fails(() => Push(session));
            await ear.Outcome(session.FailAsync("planted-fail"));
            ear.Hear(session);
        }
    }

    private static object Push(CardSession session)
    {
        session.Push("planted-late");
        return null;
    }

    private static object Settle(Delivery delivery)
    {
        delivery.Ok("planted-response");
        return null;
    }

    private static async Task UseAfterwards(BotMessage message, Ear ear, SemaphoreSlim turns)
    {
        while (true)
        {
            await Task.Delay(2);
            try
            {
                ear.Keep(message.Text);
            }
            catch (ObjectDisposedException error)
            {
                ear.Hear(message, error);
                turns.Release();
                return;
            }
        }
    }

    private static Client Make(Ear ear, ClientOptions options)
    {
        return new Client("ding-demo", "planted-client-secret", Traced(ear, options));
    }

    private static ClientOptions Traced(Ear ear, ClientOptions options)
    {
        options.Endpoint = options.Endpoint ?? Simulator.Url;
        options.AnswerMessage = Answer.OnCompletion;
        options.AnswerWithinCard = TimeSpan.FromMilliseconds(50);
        options.BackoffMax = TimeSpan.FromMilliseconds(1);
        options.LogLevel = LogLevel.Trace;
        options.Logger = record => ear.Hear(record);
        ear.Hear(options);
        return options;
    }
}
