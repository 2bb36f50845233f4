using System;
using DingStream.Native;

namespace DingStream
{
    /// <summary>A client's way to the application's logger.</summary>
    internal sealed class Log
    {
        private readonly Action<LogRecord> logger;
        private readonly LogLevel level;

        internal Log(Action<LogRecord> logger, LogLevel level)
        {
            this.logger = logger ?? (record => Console.Error.WriteLine(record));
            this.level = level;
        }

        /// <summary>Writes in its turn: a logger that blocks must not hold the pump.</summary>
        internal void Write(LogLevel severity, string target, string message, Exception exception = null)
        {
            if (severity <= level)
            {
                Backlog.Post(Tell, new LogRecord(severity, target, message, exception));
            }
        }

        private void Tell(object record)
        {
            try
            {
                logger((LogRecord)record);
            }
            catch (Exception error)
            {
                Console.Error.WriteLine($"dingstream error log: the logger failed: {error}");
            }
        }
    }
}
