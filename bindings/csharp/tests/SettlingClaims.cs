using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using DingStream;

public static class SettlingClaims
{
    public static Task Every_shape_of_handler_is_taken()
    {
        var handled = new ConcurrentBag<int>();
        return Bots.With(
            client =>
            {
                client.On("/1", delivery => handled.Add(1));
                client.On("/2", delivery => 2);
                client.On("/3", delivery => Task.FromResult(3));
                client.On("/4", async delivery =>
                {
                    await Task.Yield();
                    return "four";
                });
                client.On("/5", async delivery => { await Task.Yield(); });
                client.On("/6", delivery => Task.FromResult<object>(new[] { 6 }));
                client.On("/7", (Func<Delivery, object>)(delivery => new Json("{\"seven\":7}")));
                client.On("/8", delivery => delivery.Ok("eight"));
            },
            client =>
            {
                string[] expected = { "{}", "2", "3", "\"four\"", "{}", "[6]", "{\"seven\":7}", "\"eight\"" };
                for (var index = 0; index < expected.Length; index++)
                {
                    Simulator.Push("callback", "topic", $"/{index + 1}", "data", new Dictionary<string, object>());
                    var answers = Simulator.Records("answer", index + 1);
                    Check.Equal($"{{\"response\":{expected[index]}}}", Answered(answers, index));
                }
                return Task.CompletedTask;
            });
    }

    public static Task Later_from_any_shape_puts_off()
    {
        return Bots.With(
            client => client.OnEvent(async change =>
            {
                await Task.Yield();
                return new Later("not yet");
            }),
            client =>
            {
                Simulator.Push("event", "eventType", "user_add_org");
                Check.Equal("{\"status\":\"LATER\",\"message\":\"not yet\"}", Answered(Simulator.Records("answer"), 0));
                return Task.CompletedTask;
            });
    }

    public static async Task What_is_no_json_fails_and_is_named()
    {
        var log = new BlockingCollection<LogRecord>();
        await Bots.With(
            client => client.OnCard(card => new Uri("http://planted/")),
            client =>
            {
                Simulator.Push("card", "actionIds", new[] { "a" });
                Check.Equal(500L, Simulator.Records("answer").Int("/records/0/code"));
                Check.Contains("System.Uri", log.Next(LogLevel.Error).Message);
                return Task.CompletedTask;
            },
            log);
    }

    public static async Task What_a_handler_throws_is_logged_and_stays_here()
    {
        var log = new BlockingCollection<LogRecord>();
        await Bots.With(
            client => client.OnEvent(async change =>
            {
                await Task.Yield();
                throw new InvalidOperationException("planted-text");
            }),
            client =>
            {
                Simulator.Push("event", "eventType", "user_add_org");
                Check.Equal("{\"status\":\"LATER\",\"message\":\"the handler failed\"}", Answered(Simulator.Records("answer"), 0));
                var told = log.Next(LogLevel.Error);
                Check.That(told.Exception is InvalidOperationException, "the exception is in the record");
                Check.Contains("SettlingClaims", told.ToString());
                return Task.CompletedTask;
            },
            log);
    }

    public static Task What_a_handler_settled_is_not_settled_again()
    {
        return Bots.With(
            client => client.OnEvent(change =>
            {
                change.Later("mine");
                Check.That(change.IsSettled, "it is settled");
                Check.Throws<DingStreamAnsweredException>(() => change.Ok());
                return new Later("not mine");
            }),
            client =>
            {
                Simulator.Push("event", "eventType", "user_add_org");
                Check.Equal("{\"status\":\"LATER\",\"message\":\"mine\"}", Answered(Simulator.Records("answer"), 0));
                return Task.CompletedTask;
            });
    }

    public static async Task A_delivery_that_was_taken_outlives_its_handler()
    {
        var kept = Bots.Promise<BotMessage>();
        await Bots.With(
            client => client.OnMessage(message =>
            {
                message.Take();
                kept.SetResult(message);
            }),
            async client =>
            {
                Simulator.Push("message", "text", "keep me");
                var message = await kept.Task;
                Check.Equal("keep me", message.Text);
                Check.Equal("session", (await message.ReplyAsync(Message.Text("kept"))).Text("/via"));
                message.Ok();
                Check.Equal(200L, Simulator.Records("answer").Int("/records/0/code"));
            });
    }

    public static async Task A_delivery_used_after_its_handler_is_refused_and_told()
    {
        var log = new BlockingCollection<LogRecord>();
        var kept = Bots.Promise<BotMessage>();
        await Bots.With(
            client => client.OnMessage(message => kept.SetResult(message)),
            async client =>
            {
                Simulator.Push("message", "text", "gone");
                var message = await kept.Task;
                Simulator.Records("answer");
                Check.That(message.IsSettled, "it is settled");
                while (Try(() => message.Text) == null)
                {
                    await Task.Delay(2);
                }
                Check.Contains("Take()", Try(() => message.Json.Text("/msgtype")).Message);
                Check.Throws<ObjectDisposedException>(() => { message.ReplyAsync(Message.Text("late")); });
                Check.Contains("Take()", log.Next(LogLevel.Error).Message);
            },
            log);
    }

    public static async Task The_raw_payload_and_its_headers_are_there()
    {
        var read = Bots.Promise<string>();
        await Bots.With(
            client => client.On("/raw", delivery => read.SetResult(
                $"{delivery.Kind} {delivery.Topic} {delivery.Data} {delivery.Json.Text("/a")} {delivery.Headers.Text("/topic")} {delivery.Id.Length > 0}")),
            async client =>
            {
                Simulator.Push("callback", "topic", "/raw", "data", new Dictionary<string, object> { ["a"] = "b" });
                Check.Equal("Other /raw {\"a\":\"b\"} b /raw True", await read.Task);
            });
    }

    private static ObjectDisposedException Try(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (ObjectDisposedException error)
        {
            return error;
        }
    }

    private static string Answered(Json records, int index)
    {
        return records.Text($"/records/{index}/data");
    }
}
