using System;
using System.Collections.Concurrent;
using System.Threading;
using DingStream.Native;

namespace DingStream
{
    /// <summary>A client's way to the application's logger.</summary>
    internal sealed class Log
    {
        private readonly Action<LogRecord> logger;
        private readonly LogLevel level;

        /// <summary>Records come one after the other and in order, whatever the threads.</summary>
        private readonly ConcurrentQueue<LogRecord> waiting = new ConcurrentQueue<LogRecord>();
        private readonly Action<object> tellAll;
        private int count;

        internal Log(Action<LogRecord> logger, LogLevel level)
        {
            this.logger = logger ?? (record => Console.Error.WriteLine(record));
            this.level = level;
            tellAll = _ => TellAll();
        }

        /// <summary>Writes in its turn: a logger that blocks must not hold the pump.</summary>
        internal void Write(LogLevel severity, string target, string message, Exception exception = null)
        {
            if (severity > level)
            {
                return;
            }
            waiting.Enqueue(new LogRecord(severity, target, message, exception));
            if (Interlocked.Increment(ref count) == 1)
            {
                Backlog.Post(tellAll, null);
            }
        }

        private void TellAll()
        {
            do
            {
                LogRecord record;
                waiting.TryDequeue(out record);
                Tell(record);
            }
            while (Interlocked.Decrement(ref count) > 0);
        }

        private void Tell(LogRecord record)
        {
            try
            {
                logger(record);
            }
            catch (Exception error)
            {
                Console.Error.WriteLine($"dingstream error log: the logger failed: {error}");
            }
        }
    }
}
