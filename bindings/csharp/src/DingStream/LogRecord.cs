using System;

namespace DingStream
{
    /// <summary>One log record. It holds no secret and no text of a message.</summary>
    public sealed class LogRecord
    {
        internal LogRecord(LogLevel level, string target, string message, Exception exception)
        {
            Level = level;
            Target = target;
            Message = message;
            Exception = exception;
        }

        /// <summary>How severe.</summary>
        public LogLevel Level { get; }

        /// <summary>Which part of the library: <c>stream</c>, <c>delivery</c>, <c>call</c>, <c>handler</c> …</summary>
        public string Target { get; }

        /// <summary>What happened.</summary>
        public string Message { get; }

        /// <summary>What a handler threw; else <c>null</c>.</summary>
        public Exception Exception { get; }

        /// <summary>The record as one line, with the exception below it.</summary>
        public override string ToString()
        {
            var line = $"dingstream {Level.ToString().ToLowerInvariant()} {Target}: {Message}";
            return Exception == null ? line : line + Environment.NewLine + Exception;
        }
    }
}
