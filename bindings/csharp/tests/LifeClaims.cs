using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

public static class LifeClaims
{
    public static async Task A_wrong_secret_fails_the_start_and_the_run()
    {
        using (var client = new Client("ding-demo", "planted-secret", Quiet()))
        {
            client.OnMessage(message => { });
            var error = await Check.Throws<DingStreamAuthException>(() => client.StartAsync());
            Check.Equal("authFailed", error.PlatformCode);
            Check.Equal(401, error.HttpStatus);
            Check.Equal("open", error.Stage);
            Check.That(error.Hint.Length > 0 && error.RequestId.Length > 0, "hint and request id");
            Check.That(!error.ToString().Contains("planted"), "the secret stays out");
            Check.Equal(State.Stopped, client.State);
            Check.Throws<DingStreamAuthException>(() => client.Run());
        }
    }

    public static async Task Nothing_subscribed_is_refused()
    {
        using (var client = Bots.Make())
        {
            await Check.Throws<DingStreamConfigException>(() => client.StartAsync());
            await Check.Throws<DingStreamConfigException>(() => client.RunAsync());
            await client.StopAsync();
        }
    }

    public static Task A_handler_that_comes_late_is_refused()
    {
        return Bots.With(
            client => client.OnMessage(message => { }),
            client =>
            {
                Check.Throws<DingStreamConfigException>(() => client.OnEvent(change => { }));
                Check.Throws<DingStreamConfigException>(() => client.OnState(change => { }));
                Check.Throws<DingStreamConfigException>(() => client.On("/late", delivery => { }));
                return Task.CompletedTask;
            });
    }

    public static async Task Run_ends_when_it_is_cancelled()
    {
        using (var cancel = new CancellationTokenSource())
        using (var client = Bots.Make())
        {
            client.OnMessage(message => { });
            client.OnState(change =>
            {
                if (change.State == "open")
                {
                    cancel.Cancel();
                }
            });
            await client.RunAsync(cancel.Token);
            Check.Equal(State.Stopped, client.State);
            await Check.Throws<OperationCanceledException>(() => client.RunAsync(cancel.Token));
        }
    }

    public static async Task A_start_that_is_cancelled_stops()
    {
        using (var cancel = new CancellationTokenSource())
        using (var client = Bots.Make(new ClientOptions { Endpoint = "http://127.0.0.1:9" }))
        {
            client.OnMessage(message => { });
            var start = client.StartAsync(cancel.Token);
            cancel.Cancel();
            await Check.Throws<OperationCanceledException>(() => start);
            await client.StopAsync();
            Check.Equal(State.Stopped, client.State);
        }
    }

    public static async Task A_stop_before_the_first_connection_ends_the_start_and_the_run()
    {
        using (var client = Bots.Make(new ClientOptions { Endpoint = "http://127.0.0.1:9" }))
        {
            client.OnMessage(message => { });
            var start = client.StartAsync();
            await client.StopAsync();
            await Check.Throws<DingStreamClosedException>(() => start);
            var run = client.RunAsync();
            await client.StopAsync();
            await run;
        }
    }

    public static async Task A_client_can_be_started_again_and_states_come_in_order()
    {
        var states = new BlockingCollection<string>();
        using (var client = Bots.Make())
        {
            client.OnMessage(message => message.ReplyAsync(Message.Text(message.Text)));
            client.OnState(change => states.Add(change.State));
            for (var run = 1; run <= 3; run++)
            {
                await client.StartAsync();
                await client.StartAsync();
                Simulator.Push("message", "text", $"{run}");
                Simulator.Records("reply", run);
                await client.StopAsync();
                await client.StopAsync();
                foreach (var state in new[] { "connecting", "open", "stopping", "stopped" })
                {
                    Check.Equal(state, states.Take());
                }
            }
        }
        Check.Equal(0, states.Count);
    }

    public static async Task Disposing_of_a_client_ends_its_run()
    {
        var client = Bots.Make();
        client.OnMessage(message => { });
        var run = client.RunAsync();
        client.Dispose();
        await run;
        Check.Equal(State.Stopped, client.State);
        Check.Throws<ObjectDisposedException>(() => client.OnEvent(change => { }));
        client.Dispose();
    }

    public static async Task An_iteration_settles_what_it_leaves_behind()
    {
        using (var client = Bots.Make())
        {
            var deliveries = client.Deliveries(Kind.Message, Kind.Event);
            var next = deliveries.NextAsync();
            Simulator.Records("connect");
            Simulator.Push("message", "text", "one");
            Simulator.Push("event", "eventType", "user_add_org");
            Check.Equal("one", ((BotMessage)await next).Text);
            var change = await deliveries.NextAsync();
            Check.Equal("user_add_org", ((Event)change).EventType);
            Simulator.Records("answer");
            change.Take();
            using (var cancel = new CancellationTokenSource())
            {
                next = deliveries.NextAsync(cancel.Token);
                cancel.Cancel();
                await Check.Throws<OperationCanceledException>(() => next);
            }
            Check.That(!change.IsSettled, "what was taken is not settled");
            change.Later("mine");
            Simulator.Push("message", "text", "two");
            Check.Equal("two", ((BotMessage)await deliveries.NextAsync()).Text);
            next = deliveries.NextAsync();
            await client.StopAsync();
            Check.Equal(null, await next);
        }
    }

    public static async Task An_iteration_is_told_of_the_refused_start()
    {
        using (var client = new Client("ding-demo", "wrong", Quiet()))
        {
            var deliveries = client.Deliveries(Kind.Message);
            await Check.Throws<DingStreamAuthException>(() => deliveries.NextAsync());
        }
    }

    public static async Task Log_records_come_as_they_are_asked_for()
    {
        var log = new BlockingCollection<LogRecord>();
        var options = new ClientOptions { Logger = log.Add, LogLevel = LogLevel.Info };
        using (var client = Bots.Make(options))
        {
            client.OnMessage(message => { });
            await client.StartAsync();
            Check.Equal("stream", log.Next(LogLevel.Info).Target);
            await client.StopAsync();
        }
    }

    private static ClientOptions Quiet()
    {
        return new ClientOptions { Endpoint = Simulator.Url, Logger = record => { } };
    }
}
