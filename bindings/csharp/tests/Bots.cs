using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using DingStream;

/// <summary>Clients of the simulator, and what they logged.</summary>
internal static class Bots
{
    internal static Client Make(ClientOptions options = null)
    {
        options = options ?? new ClientOptions();
        options.Endpoint = options.Endpoint ?? Simulator.Url;
        options.AnswerMessage = Answer.OnCompletion;
        var usual = new ClientOptions();
        options.AnswerWithinCard = Patient(options.AnswerWithinCard, usual.AnswerWithinCard);
        options.AnswerWithinEvent = Patient(options.AnswerWithinEvent, usual.AnswerWithinEvent);
        options.Logger = options.Logger ?? (record => { });
        return new Client("ding-demo", "demo-secret", options);
    }

    internal static Client Make(BlockingCollection<LogRecord> log)
    {
        return Make(new ClientOptions { Logger = log.Add });
    }

    /// <summary>A bot that is started, put to the claim, and stopped.</summary>
    internal static async Task With(Action<Client> register, Func<Client, Task> claim, BlockingCollection<LogRecord> log = null)
    {
        using (var client = log == null ? Make() : Make(log))
        {
            register(client);
            await client.StartAsync();
            await claim(client);
            await client.StopAsync(TimeSpan.FromSeconds(5));
        }
    }

    /// <summary>Kept by a handler, for a claim that goes on elsewhere and not inside that handler.</summary>
    internal static TaskCompletionSource<T> Promise<T>()
    {
        return new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal static LogRecord Next(this BlockingCollection<LogRecord> log, LogLevel level)
    {
        LogRecord record;
        do
        {
            Check.That(log.TryTake(out record, 20000), $"a log record of level {level}");
        }
        while (record.Level != level);
        return record;
    }

    /// <summary>Only a claim about a late answer is to see one, however slow the machine.</summary>
    private static TimeSpan Patient(TimeSpan chosen, TimeSpan usual)
    {
        return chosen == usual ? TimeSpan.FromHours(1) : chosen;
    }
}

/// <summary>Done once so many things have happened.</summary>
internal sealed class CountdownEvents
{
    private readonly TaskCompletionSource<bool> all = Bots.Promise<bool>();
    private int left;

    internal CountdownEvents(int count)
    {
        left = count;
    }

    internal Task All
    {
        get { return all.Task; }
    }

    internal void One()
    {
        if (System.Threading.Interlocked.Decrement(ref left) == 0)
        {
            all.SetResult(true);
        }
    }
}
