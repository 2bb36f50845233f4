using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

/// <summary>What a client says without a delivery to answer, and without a connection.</summary>
public static class SendingClaims
{
    private const string Path = "/v1.0/contact/users/search";

    public static async Task A_client_that_never_starts_sends_to_every_kind_of_target()
    {
        using (var client = Bots.Make())
        {
            var users = Enumerable.Range(0, 25).Select(index => "u" + index).ToArray();
            var sent = await client.SendAsync(Target.Users(users), Message.Markdown("t", "x"));
            Check.Equal(2, sent.Count("/processQueryKeys"));
            await client.SendAsync(Target.Group("cid1=="), Message.Text("x"));
            await client.SendAsync(Target.Private("cid2==", "COOLAPP-1"), Message.Text("x"));
            var records = Simulator.Taken("send", 4);
            Check.Equal("cid1==", records.Text("/records/2/conversationId"));
            Check.Equal("/v1.0/robot/privateChatMessages/send", records.Text("/records/3/path"));
            Check.Equal(State.Idle, client.State);
        }
    }

    public static async Task What_was_sent_is_asked_about_and_taken_back()
    {
        using (var client = Bots.Make())
        {
            var sent = await client.SendAsync(Target.Users("u1"), Message.Text("x"));
            var key = sent.Text("/processQueryKeys/0");
            Check.Equal("SUCCESS", (await client.ReadStatusAsync(Target.Users(), key)).Text("/sendStatus"));
            var recalled = await client.RecallAsync(Target.Users(), new[] { key, "unknown" });
            Check.Equal(key, recalled.Text("/successResult/0"));
            Check.Equal(1, recalled.Count("/failedResult"));
            await client.DingAsync(new[] { "u1" }, "now", Remind.Sms);
            Check.Equal(2L, Simulator.Taken("send", 2).Int("/records/1/remindType"));
        }
    }

    public static async Task Any_other_api_is_called_with_query_and_body()
    {
        var answer = new Dictionary<string, object> { ["list"] = new[] { "u1" } };
        Simulator.Answer("POST", Path, answer);
        Simulator.Answer("GET", "/topapi/x", new Dictionary<string, object> { ["errcode"] = 0, ["a"] = 1 });
        using (var client = Bots.Make())
        {
            var query = new Dictionary<string, string> { ["a"] = "b+c" };
            var body = new Dictionary<string, object> { ["queryWord"] = "ann" };
            Check.Equal("u1", (await client.RequestAsync("POST", Path, query, body)).Text("/list/0"));
            var request = Simulator.Taken("request");
            Check.Equal("b+c", request.Text("/records/0/query/a"));
            Check.Equal("ann", request.Text("/records/0/body/queryWord"));
            Check.Equal(1L, (await client.RequestAsync("GET", "/topapi/x", host: Host.Oapi)).Int("/a"));
        }
    }

    public static async Task An_isv_calls_for_an_organisation_with_its_ticket()
    {
        Simulator.Answer("POST", Path, new Dictionary<string, object>());
        using (var client = Bots.Make())
        {
            Func<Task> ask = () => client.RequestAsync("POST", Path, body: new Dictionary<string, object>(), corp: "corp-1");
            Check.Contains("suite ticket", (await Check.Throws<DingStreamConfigException>(ask)).Message);
            client.SetSuiteTicket("ticket");
            await ask();
        }
    }

    public static async Task Refusals_are_of_their_kind()
    {
        Simulator.Answer("POST", Path, new Dictionary<string, object>());
        using (var client = Bots.Make())
        {
            Simulator.Break(Path, "code", "Forbidden.AccessDenied.ApiCountLimitForOrg");
            var quota = await Check.Throws<DingStreamQuotaException>(() => client.RequestAsync("POST", Path));
            Check.Equal("call:request", quota.Stage);
            Check.That(quota.RequestId.Length > 0, "a request id");
            await Check.Throws<DingStreamArgumentException>(() => client.SendAsync(Target.Users(), Message.Text("x")));
            await Check.Throws<DingStreamArgumentException>(() => client.RequestAsync("GET", "https://elsewhere/x"));
        }
    }

    public static async Task A_refusal_says_what_support_asks_for_and_what_is_missing()
    {
        Simulator.Answer("POST", Path, new Dictionary<string, object>());
        Simulator.Deny(Path, "Contact.User.Read", "Contact.User.Write");
        using (var client = Bots.Make())
        {
            var error = await Check.Throws<DingStreamForbiddenException>(() => client.RequestAsync("POST", Path));
            Check.Equal("Contact.User.Read Contact.User.Write", string.Join(" ", error.RequiredScopes));
            Check.Contains("client id: ding-demo\nrequest: POST " + Simulator.Url + Path + "\n", error.SupportText);
            Check.That(!error.SupportText.Contains("demo-secret"), "no secret is in it");
        }
        var misuse = Check.Throws<DingStreamArgumentException>(() => new Json("{"));
        Check.Equal(0, misuse.RequiredScopes.Count);
    }

    public static async Task What_is_missing_or_cancelled_is_not_begun()
    {
        using (var client = Bots.Make())
        {
            var to = Target.Users("u1");
            var cancelled = new CancellationToken(true);
            Check.Throws<ArgumentNullException>(() => { client.SendAsync(null, Message.Text("x")); });
            Check.Throws<ArgumentNullException>(() => { client.SendAsync(to, null); });
            Check.Throws<ArgumentNullException>(() => { client.RecallAsync(to, null); });
            Check.Throws<ArgumentNullException>(() => { client.DingAsync(new[] { "u1" }, null); });
            Check.Throws<ArgumentNullException>(() => { client.RequestAsync("GET", null); });
            Check.Throws<ArgumentNullException>(() => client.SetSuiteTicket(null));
            Check.Throws<ArgumentNullException>(() => Target.Group(null));
            Check.Throws<NotSupportedException>(() => { client.RequestAsync("POST", Path, body: new Uri("http://h/")); });
            await Check.Throws<TaskCanceledException>(() => client.SendAsync(to, Message.Text("x"), cancelled));
        }
        var disposed = Bots.Make();
        disposed.Dispose();
        Check.Throws<ObjectDisposedException>(() => { disposed.SendAsync(Target.Users("u1"), Message.Text("x")); });
    }

    public static Task A_reply_takes_the_way_of_your_choice()
    {
        var told = Bots.Promise<Json>();
        return Bots.With(
            client => client.OnMessage(async message =>
                told.SetResult(await message.ReplyAsync(Message.Image("@photo").AtAll(), Via.OpenApi))),
            async client =>
            {
                Simulator.Push("message", "text", "hello", "senderStaffId", "ann");
                var result = await told.Task;
                Check.Equal("openapi", result.Text("/via"));
                Check.Equal(1, result.Count("/processQueryKeys"));
                Check.Equal("mentions", result.Text("/lost/0"));
            });
    }
}
