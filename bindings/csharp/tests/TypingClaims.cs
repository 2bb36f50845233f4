using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

/// <summary>Sessions that type into an AI card.</summary>
public static class TypingClaims
{
    private const string Creation = "POST /v1.0/card/instances/createAndDeliver";

    private static readonly Space Group = Space.Group("cid1==");

    public static Task A_text_is_typed_where_the_message_came_from()
    {
        var told = Bots.Promise<Json>();
        return Bots.With(
            client => client.OnMessage(async message =>
            {
                using (var card = message.Card("Thinking…"))
                {
                    card.Push("Hello, ");
                    Simulator.Shown("Hello, ", "inputing");
                    card.Push("**world**.");
                    told.SetResult(await card.FinishAsync());
                }
            }),
            async client =>
            {
                Simulator.Push("message", "text", "hello", "conversationType", "2", "conversationId", "cid1==");
                var result = await told.Task;
                Check.Equal("card finished", result.Text("/via") + " " + result.Text("/state"));
                Check.Equal(result.Text("/outTrackId"), result.Text("/outTrackIds/0"));
                Simulator.Shown("Hello, **world**.", "finished");
                Check.Equal("cid1==", Simulator.Cards().Text("/cards/0/spaces/0/spaceId"));
            });
    }

    public static async Task A_client_that_never_starts_types_in_a_space_of_your_choice()
    {
        using (var client = Bots.Make())
        using (var card = client.Card(Group, options: new CardOptions { Text = "…" }))
        {
            card.Set("one");
            card.Set("two");
            card.Button("Docs", "https://example.com");
            card.Button("Like", id: "like");
            card.Value("msgTitle", "A title");
            await card.FinishAsync();
            Simulator.Shown("two", "finished");
            var shown = Simulator.Cards();
            Check.Equal("A title", shown.Text("/cards/0/params/msgTitle"));
            var buttons = shown.Text("/cards/0/params/sys_full_json_obj");
            Check.Contains("\"url\":\"https://example.com\"", buttons);
            Check.Contains("\"id\":\"like\"", buttons);
        }
    }

    public static void Disposed_of_before_its_end_it_fails_with_its_fallback()
    {
        using (var client = Bots.Make())
        {
            using (var card = client.Card(Group, "Thinking…", Failing()))
            {
                card.Push("half");
            }
            Simulator.Shown("gone wrong", "failed");
        }
    }

    public static Task A_handler_that_throws_fails_its_card_and_its_message()
    {
        return Bots.With(
            client => client.OnMessage(message =>
            {
                using (var card = message.Card("Thinking…", Failing()))
                {
                    card.Push("half");
                    throw new InvalidOperationException("no model");
                }
            }),
            client =>
            {
                Simulator.Push("message", "text", "hello", "conversationType", "2", "conversationId", "cid1==");
                Simulator.Shown("gone wrong", "failed");
                Check.Equal(500L, Simulator.Records("answer").Int("/records/0/code"));
                return Task.CompletedTask;
            });
    }

    public static void Forgotten_without_an_end_it_fails_once_it_is_collected()
    {
        using (var client = Bots.Make())
        {
            // On a thread that is over: what its stack held is held no more.
            var thread = new Thread(() => client.Card(Group, "Thinking…", Failing()).Push("half"));
            thread.Start();
            thread.Join();
            Simulator.Shown("gone wrong", "failed", () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            });
        }
    }

    public static async Task It_fails_with_a_text_of_ones_own()
    {
        using (var client = Bots.Make())
        using (var card = client.Card(Group, "Thinking…"))
        {
            card.Push("half");
            Check.Equal("failed", (await card.FailAsync("no answer")).Text("/state"));
            Simulator.Shown("no answer", "failed");
        }
    }

    public static async Task After_its_end_a_session_takes_nothing()
    {
        using (var client = Bots.Make())
        {
            var card = client.Card(Group, "Thinking…");
            card.Push("x");
            var finish = card.FinishAsync();
            Check.Throws<DingStreamAnsweredException>(() => card.Push("y"));
            Check.Throws<DingStreamAnsweredException>(() => card.Button("b", id: "b"));
            await Check.Throws<DingStreamAnsweredException>(() => card.FinishAsync());
            await Check.Throws<DingStreamAnsweredException>(() => card.FailAsync());
            // Its end goes on without it.
            card.Dispose();
            await finish;
            Simulator.Shown("x", "finished");
            Check.Throws<ObjectDisposedException>(() => card.Push("y"));
            Check.Throws<ObjectDisposedException>(() => { card.FinishAsync(); });
            Check.Equal("DingStream.CardSession", card.ToString());
        }
    }

    public static async Task A_session_outlives_its_delivery()
    {
        var kept = Bots.Promise<CardSession>();
        await Bots.With(
            client => client.OnMessage(message => kept.SetResult(message.Card("Thinking…"))),
            async client =>
            {
                Simulator.Push("message", "text", "hello", "conversationType", "2", "conversationId", "cid1==");
                var card = await kept.Task;
                Simulator.Records("answer");
                card.Push("later");
                await card.FinishAsync();
                Simulator.Shown("later", "finished");
            });
    }

    public static async Task Text_comes_from_any_thread()
    {
        using (var client = Bots.Make())
        using (var card = client.Card(Group, "Thinking…"))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                for (var count = 0; count < 50; count++)
                {
                    card.Push("a");
                }
            })));
            await card.FinishAsync();
            Simulator.Shown(new string('a', 400), "finished");
        }
    }

    public static async Task A_cancelled_end_ends_the_waiting_alone()
    {
        Simulator.Break("PUT /v1.0/card/streaming", "delayMs", 300, "times", 1);
        using (var client = Bots.Make())
        using (var card = client.Card(Group, "Thinking…"))
        using (var patience = new CancellationTokenSource())
        {
            card.Push("whole");
            var finish = card.FinishAsync(patience.Token);
            patience.Cancel();
            await Check.Throws<TaskCanceledException>(() => finish);
            Simulator.Shown("whole", "finished");
        }
    }

    public static Task Where_cards_are_refused_the_text_is_a_reply()
    {
        Simulator.Break(Creation, "code", "param.templateUnpublished");
        var told = Bots.Promise<Json>();
        return Bots.With(
            client => client.OnMessage(async message =>
            {
                var card = message.Card("Thinking…");
                card.Push("all of it");
                told.SetResult(await card.FinishAsync());
            }),
            async client =>
            {
                Simulator.Push("message", "text", "hello", "conversationType", "2", "conversationId", "cid1==");
                var result = await told.Task;
                Check.Equal("session", result.Text("/via"));
                Check.That(result.Text("/degraded/message") != null, "why");
                Check.Equal("all of it", Simulator.Records("reply").Text("/records/0/body/markdown/text"));
            });
    }

    public static async Task The_error_of_an_end_that_nobody_looked_at_is_logged()
    {
        Simulator.Break(Creation, "code", "param.templateUnpublished");
        var log = new BlockingCollection<LogRecord>();
        using (var client = Bots.Make(log))
        {
            // More than one: what a thread had in hand last may look referenced for long.
            for (var count = 0; count < 5; count++)
            {
                // No message goes to such a space in its place.
                var card = client.Card(Space.Other("IM_ELSEWHERE", "planted"), "Thinking…");
                card.Push("planted");
                _ = card.FinishAsync();
            }
            LogRecord record;
            while (!log.TryTake(out record) || !record.Message.Contains("nobody looked at the error of card_finish"))
            {
                // The runtime tells of it when it collects the task.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Delay(2);
            }
            Check.That(!record.Message.Contains("planted"), "no text is in it");
        }
    }

    public static async Task A_template_of_ones_own_streams_its_own_variable()
    {
        Simulator.Template("own.schema", new[] { "answer", "model" }, new[] { "answer" });
        var options = new CardOptions
        {
            Template = "own.schema",
            Key = "answer",
            Data = new Dictionary<string, object> { ["model"] = new Dictionary<string, object> { ["name"] = "m" } },
        };
        using (var client = Bots.Make())
        using (var card = client.Card(Group, "…", options))
        {
            card.Push("42");
            await card.FinishAsync();
            var shown = Simulator.Cards();
            Check.Equal("42", shown.Text("/cards/0/spaces/0/params/answer"));
            Check.Equal("{\"name\":\"m\"}", shown.Text("/cards/0/params/model"));
        }
    }

    public static Task A_session_wants_sound_options_and_a_message()
    {
        var refused = Bots.Promise<Exception>();
        return Bots.With(
            client => client.OnEvent(change =>
                refused.SetResult(Check.Throws<DingStreamArgumentException>(() => { change.Card("Thinking…"); }))),
            async client =>
            {
                var few = new CardOptions { MaxCalls = 2 };
                Check.Contains("max_calls", Check.Throws<DingStreamConfigException>(() => { client.Card(Group, "…", few); }).Message);
                var odd = new CardOptions { Data = new Dictionary<string, object> { ["a"] = new Uri("http://h/") } };
                Check.Throws<NotSupportedException>(() => { client.Card(Group, "…", odd); });
                Check.Throws<ArgumentNullException>(() => { client.Card(null); });
                using (var card = client.Card(Group, "…"))
                {
                    Check.Throws<ArgumentException>(() => card.Button("b"));
                    Check.Throws<ArgumentException>(() => card.Button("b", "https://e", "b"));
                    Check.Throws<ArgumentNullException>(() => card.Push(null));
                    Check.Throws<ArgumentNullException>(() => card.Value(null, 1));
                    Check.Throws<NotSupportedException>(() => card.Value("a", new Uri("http://h/")));
                    await card.FinishAsync();
                }
                Simulator.Push("event", "eventType", "user_add_org");
                Check.Contains("message", (await refused.Task).Message);
                var disposed = Bots.Make();
                disposed.Dispose();
                Check.Throws<ObjectDisposedException>(() => { disposed.Card(Group); });
            });
    }

    private static CardOptions Failing()
    {
        return new CardOptions { Fallback = "gone wrong" };
    }
}
