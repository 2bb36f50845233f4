using System;
using System.Threading;

namespace DingStream
{
    /// <summary>What a client can be told. It is read when the client is made.</summary>
    public sealed partial class ClientOptions
    {
        /// <summary>
        /// Takes log records, on a background thread; fits <c>ILogger</c> with one line. Where it is not set, they go to
        /// <see cref="Console.Error"/>.
        /// </summary>
        public Action<LogRecord> Logger { get; set; }

        /// <summary>
        /// Where handlers run, such as <see cref="System.Threading.SynchronizationContext.Current"/> of a user interface. Where
        /// it is not set, they run on background threads.
        /// </summary>
        public SynchronizationContext SynchronizationContext { get; set; }
    }
}
