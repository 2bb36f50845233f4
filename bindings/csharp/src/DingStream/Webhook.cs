using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// The sender for a group's custom robot (自定义机器人), which needs no client and no connection. The limit of twenty
    /// messages a minute belongs to the robot: all senders of the process for one address share it. Every member may be used
    /// from any thread.
    /// </summary>
    public sealed class Webhook : IDisposable
    {
        private readonly WebhookHandle handle;
        private readonly ulong source;
        private readonly Log log;

        /// <summary>A sender.</summary>
        /// <param name="url">
        /// The robot's address, copied from the group's settings; several, with spaces between, to rotate. It is never logged
        /// or shown.
        /// </param>
        /// <param name="secret">The secret of its signature (加签), which begins with <c>SEC</c>, where it has one.</param>
        /// <param name="options">What differs from the defaults.</param>
        /// <exception cref="DingStreamConfigException">The configuration can't work.</exception>
        /// <exception cref="DingStreamLoadException">The native library can't be loaded.</exception>
        public Webhook(Secret url, Secret secret = null, WebhookOptions options = null)
        {
            Library.Check();
            options = options ?? new WebhookOptions();
            var configuration = new Dictionary<string, object>
            {
                ["url"] = (url ?? throw new ArgumentNullException(nameof(url))).Expose(),
                ["secret"] = secret?.Expose() ?? "",
            };
            options.Write(configuration);
            log = new Log(options.Logger, options.LogLevel);
            source = Arrivals.Attach(log);
            try
            {
                handle = Make(configuration, source);
            }
            catch
            {
                Arrivals.Detach(source);
                throw;
            }
        }

        /// <summary>Sends a message. It starts at once; an error that nobody looks at is logged.</summary>
        /// <param name="message">What to say: text, markdown, a link, an action card or a feed card.</param>
        /// <param name="cancellationToken">Ends the waiting; what was already sent stays sent.</param>
        /// <returns>
        /// <c>{"sent":1}</c>, how many messages it took, or <c>{"digest":100}</c> where it went out together with others.
        /// </returns>
        public unsafe Task<Json> SendAsync(
            Message message, CancellationToken cancellationToken = default(CancellationToken))
        {
            if (message == null)
            {
                throw new ArgumentNullException(nameof(message));
            }
            return Calls.Begin(new Operation(log, "webhook"), handle, cancellationToken, call =>
                NativeMethods.dingstream_webhook_send(handle.Pointer, message.ToNative(), call));
        }

        /// <summary>Waits until everything is sent, or the deadline comes.</summary>
        /// <param name="deadline">How long at most.</param>
        /// <returns><c>{"left":0}</c>: what still waits then.</returns>
        public unsafe Task<Json> FlushAsync(TimeSpan deadline)
        {
            var milliseconds = (ulong)Math.Max(0, Math.Min(deadline.TotalMilliseconds, long.MaxValue / 2));
            return Calls.Begin(new Operation(log, "flush"), handle, CancellationToken.None, call =>
                NativeMethods.dingstream_webhook_flush(handle.Pointer, milliseconds, call));
        }

        /// <summary>Forgets the sender; what was begun goes on.</summary>
        public void Dispose()
        {
            Arrivals.Detach(source);
            handle.Dispose();
        }

        private static unsafe WebhookHandle Make(Dictionary<string, object> configuration, ulong source)
        {
            var bytes = Utf8.Bytes(JsonWriter.Write(configuration));
            dingstream_webhook* made;
            fixed (byte* at = bytes)
            {
                DingStreamException.Check(
                    NativeMethods.dingstream_webhook_new(at, Utf8.Length(bytes), Pump.Queue, source, &made));
            }
            return new WebhookHandle(made);
        }
    }
}
