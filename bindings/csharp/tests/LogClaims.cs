using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading.Tasks;
using DingStream;

public static class LogClaims
{
    public static async Task Without_a_logger_warnings_and_what_handlers_throw_go_to_standard_error()
    {
        using (var error = new StandardError())
        {
            using (var client = new Client("ding-demo", "demo-secret", new ClientOptions { Endpoint = Simulator.Url }))
            {
                client.OnMessage(message => { throw new InvalidOperationException("it broke"); });
                client.OnEvent(change => change.Take());
                await client.StartAsync();
                Simulator.Push("message", "text", "planted");
                await error.Heard("it broke");
                Simulator.Break("drop");
                await error.Heard("dingstream warn stream: the connection was lost");
            }
            var id = Simulator.Records("push").Text("/records/0/messageId");
            Check.Contains($"dingstream error handler: a handler of kind message failed on delivery {id}: it broke", error.Text);
            Check.Contains("at LogClaims", error.Text);
            Check.That(!error.Text.Contains("planted"), "what people write stays out");
            Check.That(!error.Text.Contains(" info "), "what is less than a warning was not asked for");
        }
    }

    public static async Task A_logger_that_fails_is_told_of_and_ends_nothing()
    {
        using (var error = new StandardError())
        {
            Action<LogRecord> logger = record => { throw new IOException("the disk is full"); };
            using (var client = Bots.Make(new ClientOptions { Logger = logger, LogLevel = LogLevel.Info }))
            {
                client.OnMessage(message => { });
                await client.StartAsync();
                await error.Heard("the logger failed");
                Simulator.Push("message", "text", "hello");
                Simulator.Records("answer");
                await client.StopAsync();
            }
            Check.Contains("the disk is full", error.Text);
        }
    }

    public static async Task Records_fit_the_logger_of_the_hosting_packages()
    {
        var logger = new Hosted();
        var options = new ClientOptions
        {
            LogLevel = LogLevel.Info,
            Logger = record => logger.Log(
                (Severity)(5 - (int)record.Level), record.Exception, "{Target}: {Message}", record.Target, record.Message),
        };
        using (var client = Bots.Make(options))
        {
            client.OnMessage(message => { throw new InvalidOperationException("it broke"); });
            await client.StartAsync();
            Check.Equal(Severity.Information, logger.Logged.Take().Item1);
            Simulator.Push("message", "text", "hello");
            var failure = logger.Logged.Take();
            Check.Equal(Severity.Error, failure.Item1);
            Check.Equal("it broke", failure.Item2.Message);
            await client.StopAsync();
        }
    }

    /// <summary>What goes to standard error as long as this lasts.</summary>
    private sealed class StandardError : IDisposable
    {
        private readonly StringWriter told = new StringWriter();
        private readonly TextWriter before = Console.Error;

        internal StandardError()
        {
            Console.SetError(told);
        }

        /// <summary>The console's writer locks itself while it writes.</summary>
        internal string Text
        {
            get
            {
                lock (Console.Error)
                {
                    return told.ToString();
                }
            }
        }

        internal async Task Heard(string part)
        {
            while (!Text.Contains(part))
            {
                await Task.Delay(2);
            }
        }

        public void Dispose()
        {
            Console.SetError(before);
        }
    }

    /// <summary>The levels of Microsoft.Extensions.Logging, which the README forwards to.</summary>
    private enum Severity
    {
        Trace = 0,
        Debug = 1,
        Information = 2,
        Warning = 3,
        Error = 4,
    }

    /// <summary>The shape of its extension method.</summary>
    private sealed class Hosted
    {
        internal readonly BlockingCollection<Tuple<Severity, Exception>> Logged = new BlockingCollection<Tuple<Severity, Exception>>();

        internal void Log(Severity level, Exception exception, string message, params object[] args)
        {
            Check.Equal(2, args.Length);
            Logged.Add(Tuple.Create(level, exception));
        }
    }
}
