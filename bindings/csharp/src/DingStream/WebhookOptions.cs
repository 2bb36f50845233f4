using System;

namespace DingStream
{
    /// <summary>What a webhook can be told. It is read when the webhook is made.</summary>
    public sealed partial class WebhookOptions
    {
        /// <summary>
        /// Takes log records, on a background thread. Where it is not set, they go to <see cref="Console.Error"/>.
        /// </summary>
        public Action<LogRecord> Logger { get; set; }
    }
}
