using System;
using System.Threading.Tasks;

namespace DingStream.Native
{
    /// <summary>What a call is about.</summary>
    internal sealed class Operation
    {
        private readonly Log log;
        private readonly string name;
        private readonly Client client;

        internal Operation(Client client, string name)
            : this(client.Log, name)
        {
            this.client = client;
        }

        internal Operation(Log log, string name)
        {
            this.log = log;
            this.name = name;
        }

        /// <summary>The end of a run that success comes after.</summary>
        internal Task EndBeforeSuccess { get; set; }

        /// <summary>The end of a run that failure comes after, if there was a run at all.</summary>
        internal Task EndBeforeFailure { get; set; }

        /// <summary>What is over before the outcome is told: whoever waits for a stop has heard of the last state.</summary>
        internal Task Outlasting(Exception failure)
        {
            var end = failure == null ? EndBeforeSuccess : EndBeforeFailure;
            return end == null || client.State == State.Idle ? Task.CompletedTask : end;
        }

        internal void Tell(string error)
        {
            log.Write(LogLevel.Warn, "call", $"nobody looked at the error of {name}: {error}");
        }
    }
}
