using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

public static class EndingClaims
{
    public static async Task Handlers_that_never_end_hold_up_a_stop_no_longer_than_its_deadline()
    {
        var gate = new ManualResetEventSlim();
        var never = new TaskCompletionSource<bool>();
        using (var client = Bots.Make())
        {
            client.OnMessage(message => gate.Wait());
            client.OnEvent(change => never.Task);
            await client.StartAsync();
            Simulator.Push("message", "text", "blocks");
            Simulator.Push("event", "eventType", "user_add_org");
            while (client.Stats().InFlight < 2)
            {
                await Task.Delay(2);
            }
            Simulator.Push("system", "topic", "ping");
            Simulator.Records("ping");
            await client.StopAsync(TimeSpan.FromMilliseconds(50));
            Check.Equal(State.Stopped, client.State);
        }
        gate.Set();
        never.SetResult(true);
    }

    public static async Task A_handler_may_stop_its_client_and_still_reply()
    {
        using (var client = Bots.Make())
        {
            client.OnMessage(message =>
            {
                client.StopAsync();
                return message.ReplyAsync(Message.Text("last words"));
            });
            var run = client.RunAsync();
            Simulator.Records("connect");
            Simulator.Push("message", "text", "hello");
            await run;
            Simulator.Records("reply");
            Check.Equal(200L, Simulator.Records("answer").Int("/records/0/code"));
        }
    }

    public static async Task A_run_that_begins_while_the_one_before_stops_is_not_ended_by_it()
    {
        var gate = new TaskCompletionSource<bool>();
        using (var client = Bots.Make())
        {
            client.OnMessage(message => gate.Task);
            await client.StartAsync();
            Simulator.Push("message", "text", "hold");
            while (client.Stats().InFlight == 0)
            {
                await Task.Delay(2);
            }
            var stop = client.StopAsync();
            var run = client.RunAsync();
            gate.SetResult(true);
            await stop;
            Simulator.Records("connect", 2);
            Simulator.Push("message", "text", "again");
            Simulator.Records("answer", 2);
            Check.That(!run.IsCompleted, "the second run goes on");
            await client.StopAsync();
            await run;
        }
    }

    public static async Task A_handler_that_waits_for_the_stop_waits_until_its_deadline()
    {
        using (var client = Bots.Make())
        {
            var stopped = Bots.Promise<State>();
            client.OnMessage(async message =>
            {
                await client.StopAsync(TimeSpan.FromMilliseconds(50));
                stopped.SetResult(client.State);
            });
            var run = client.RunAsync();
            Simulator.Records("connect");
            Simulator.Push("message", "text", "hello");
            await run;
            Check.Equal(State.Stopped, await stopped.Task);
        }
    }

    public static async Task A_client_may_be_disposed_of_in_its_handler()
    {
        var client = Bots.Make();
        client.OnMessage(message => client.Dispose());
        var run = client.RunAsync();
        Simulator.Records("connect");
        Simulator.Push("message", "text", "hello");
        await run;
        Check.Equal(State.Stopped, client.State);
        Simulator.Records("close");
    }

    public static async Task What_was_taken_outlives_a_client_that_was_disposed_of()
    {
        var kept = Bots.Promise<BotMessage>();
        using (var client = Bots.Make())
        {
            client.OnMessage(message =>
            {
                message.Take();
                kept.SetResult(message);
            });
            await client.StartAsync();
            Simulator.Push("message", "text", "keep me");
            await kept.Task;
        }
        Check.Equal("keep me", kept.Task.Result.Text);
        Check.Equal("session", (await kept.Task.Result.ReplyAsync(Message.Text("kept"))).Text("/via"));
        kept.Task.Result.Ok();
    }

    public static async Task A_handler_of_states_that_throws_is_told_and_ends_nothing()
    {
        var log = new BlockingCollection<LogRecord>();
        using (var client = Bots.Make(log))
        {
            client.OnMessage(message => { });
            client.OnState(change => { throw new InvalidOperationException(change.State); });
            await client.StartAsync();
            await client.StopAsync();
            foreach (var state in new[] { "connecting", "open", "stopping", "stopped" })
            {
                Check.Equal("a handler of kind state failed: " + state, log.Next(LogLevel.Error).Message);
            }
        }
    }
}
