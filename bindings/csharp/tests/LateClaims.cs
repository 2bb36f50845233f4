using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading.Tasks;
using DingStream;

public static class LateClaims
{
    public static async Task A_response_that_comes_too_late_is_told_and_is_no_failure()
    {
        var log = new BlockingCollection<LogRecord>();
        using (var client = Bots.Make(AnsweredAtOnce(log)))
        {
            var handled = 0;
            client.OnCard(card =>
            {
                Simulator.Records("answer", ++handled);
                return "clicked";
            });
            await client.StartAsync();
            for (var count = 1; count <= 2; count++)
            {
                Simulator.Push("card", "outTrackId", "slow");
                Check.Contains("a response came to nothing", log.Next(LogLevel.Warn).Message);
                Check.Equal("{\"response\":{}}", Simulator.Records("answer", count).Text($"/records/{count - 1}/data"));
            }
            await client.StopAsync();
        }
        Check.Equal(0, log.Count);
    }

    public static async Task A_response_that_comes_in_time_is_the_answer_and_nothing_is_told()
    {
        var log = new BlockingCollection<LogRecord>();
        await Bots.With(
            client => client.OnCard(card => "clicked"),
            client =>
            {
                Simulator.Push("card", "outTrackId", "quick");
                Check.Equal("{\"response\":\"clicked\"}", Simulator.Records("answer").Text("/records/0/data"));
                return Task.CompletedTask;
            },
            log);
        Check.Equal(0, log.Count);
    }

    public static async Task An_event_that_is_settled_too_late_is_settled_all_the_same()
    {
        var log = new BlockingCollection<LogRecord>();
        using (var client = Bots.Make(AnsweredAtOnce(log)))
        {
            client.OnEvent(change => { Simulator.Records("answer"); });
            await client.StartAsync();
            Simulator.Push("event", "eventType", "user_add_org");
            Check.Contains("LATER", Simulator.Records("answer").Text("/records/0/data"));
            await client.StopAsync();
            Check.Equal(1L, client.Stats().Ok);
            Check.Equal(1L, client.Stats().Overdue);
        }
        Check.Equal(0, log.Count);
    }

    public static async Task Who_settles_by_hand_is_told_that_it_is_too_late()
    {
        var log = new BlockingCollection<LogRecord>();
        var told = Bots.Promise<DingStreamExpiredException>();
        using (var client = Bots.Make(AnsweredAtOnce(log)))
        {
            client.OnCard(card =>
            {
                Simulator.Records("answer");
                told.SetResult(Check.Throws<DingStreamExpiredException>(() => card.Ok("clicked")));
            });
            await client.StartAsync();
            Simulator.Push("card");
            Check.Contains("update the card", (await told.Task).Hint);
            await client.StopAsync();
        }
        Check.Equal("Warn", string.Join(" ", log.Select(record => record.Level)));
    }

    public static async Task After_its_deadline_a_handler_may_end_as_it_likes()
    {
        var log = new BlockingCollection<LogRecord>();
        using (var client = Bots.Make(DeclinedSoon(log)))
        {
            var handled = 0;
            client.OnMessage(message =>
            {
                Simulator.Records("answer", ++handled);
                if (message.Text == "throw")
                {
                    throw new InvalidOperationException("too late");
                }
            });
            await client.StartAsync();
            foreach (var expected in new[] { "Warn", "Error Warn", "Warn" })
            {
                Simulator.Push("message", "text", expected == "Warn" ? "return" : "throw");
                // The handler may be faster than the record of its lateness.
                var levels = expected.Split(' ').Select(_ => log.Take().Level.ToString()).OrderBy(level => level);
                Check.Equal(expected, string.Join(" ", levels));
            }
            Check.Equal(500L, Simulator.Records("answer", 3).Int("/records/2/code"));
            await client.StopAsync();
        }
        Check.Equal(0, log.Count);
    }

    public static async Task A_step_of_an_iteration_that_comes_too_late_settles_nothing_and_goes_on()
    {
        var log = new BlockingCollection<LogRecord>();
        using (var client = Bots.Make(DeclinedSoon(log)))
        {
            var deliveries = client.Deliveries(Kind.Message);
            var next = deliveries.NextAsync();
            Simulator.Records("connect");
            for (var count = 1; count <= 2; count++)
            {
                Simulator.Push("message", "text", "hello");
                await next;
                Check.Equal(500L, Simulator.Records("answer", count).Int($"/records/{count - 1}/code"));
                next = deliveries.NextAsync();
            }
            await client.StopAsync();
            Check.Equal(null, await next);
        }
    }

    private static ClientOptions AnsweredAtOnce(BlockingCollection<LogRecord> log)
    {
        var atOnce = TimeSpan.FromMilliseconds(20);
        return new ClientOptions { AnswerWithinCard = atOnce, AnswerWithinEvent = atOnce, Logger = log.Add };
    }

    private static ClientOptions DeclinedSoon(BlockingCollection<LogRecord> log)
    {
        return new ClientOptions { HandlerDeadline = TimeSpan.FromMilliseconds(200), Logger = log.Add };
    }
}
