using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// One DingTalk application: its Stream connection and its way to reply. Register handlers, then
    /// <see cref="Run"/>. Once started it works until it is stopped or disposed of; every member may be used from any thread.
    /// </summary>
    public sealed partial class Client : IDisposable
    {
        private readonly ClientHandle handle;
        private readonly ulong source;
        private readonly TimeSpan stopDeadline;

        /// <summary>A client.</summary>
        /// <param name="clientId">The application's client id (AppKey), from the developer console.</param>
        /// <param name="clientSecret">The application's client secret (AppSecret). It is never logged or shown.</param>
        /// <param name="options">What differs from the defaults.</param>
        /// <exception cref="DingStreamConfigException">The configuration can't work.</exception>
        /// <exception cref="DingStreamLoadException">The native library can't be loaded.</exception>
        public unsafe Client(string clientId, string clientSecret, ClientOptions options = null)
        {
            Library.Check();
            options = options ?? new ClientOptions();
            Log = new Log(options.Logger, options.LogLevel);
            context = options.SynchronizationContext;
            stopDeadline = options.StopDeadline;
            source = Arrivals.Attach(this);
            try
            {
                handle = Make(Configuration(clientId, clientSecret, options), source);
            }
            catch
            {
                Arrivals.Detach(source);
                throw;
            }
        }

        /// <summary>What it is doing.</summary>
        public unsafe State State
        {
            get
            {
                if (handle.IsClosed)
                {
                    return State.Stopped;
                }
                using (handle.Borrow())
                {
                    return (State)NativeMethods.dingstream_client_state(handle.Pointer);
                }
            }
        }

        /// <summary>
        /// Starts connecting. The task is done at the first open connection; a definitive refusal before that (bad id or
        /// secret, address not allowed) fails it and stops the client, a dead network keeps trying. Started twice is started
        /// once; a stopped client can be started again.
        /// </summary>
        /// <param name="cancellationToken">Gives up: it stops the client at once.</param>
        /// <returns>The start under way.</returns>
        public unsafe Task StartAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var operation = new Operation(this, "start") { EndBeforeFailure = ExpectEnd() };
            dingstream_call* call;
            dingstream_error* error;
            using (handle.Borrow())
            {
                error = NativeMethods.dingstream_client_start(handle.Pointer, &call);
            }
            var start = Calls.Follow(operation, error, call, CancellationToken.None);
            return cancellationToken.CanBeCanceled ? StopWhenCancelled(start, cancellationToken) : start;
        }

        /// <summary>
        /// Stops within <see cref="ClientOptions.StopDeadline"/>: running handlers go on, what still arrives is handled while
        /// time is left. Legal anywhere and at any moment, but a handler should not wait for it, since it waits for handlers.
        /// </summary>
        /// <param name="cancellationToken">Ends the patience: what still runs is no longer waited for.</param>
        /// <returns>The stop under way.</returns>
        public Task StopAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            var stop = StopAsync(stopDeadline);
            return cancellationToken.CanBeCanceled ? StopWhenCancelled(stop, cancellationToken) : stop;
        }

        /// <summary>
        /// Stops, as <see cref="StopAsync(CancellationToken)"/> does, within a deadline of its own. The task is done once the
        /// handler of states has heard of the end.
        /// </summary>
        /// <param name="deadline">How long handlers may go on; of several stops the earliest deadline counts.</param>
        /// <returns>The stop under way.</returns>
        public unsafe Task StopAsync(TimeSpan deadline)
        {
            var milliseconds = (ulong)Math.Max(0, Math.Min(deadline.TotalMilliseconds, long.MaxValue / 2));
            var operation = new Operation(this, "stop") { EndBeforeSuccess = CurrentEnd() };
            dingstream_call* call;
            dingstream_error* error;
            using (handle.Borrow())
            {
                error = NativeMethods.dingstream_client_stop(handle.Pointer, milliseconds, &call);
            }
            return Calls.Follow(operation, error, call, CancellationToken.None);
        }

        /// <summary>Stops with no patience and forgets the client; its deliveries stay readable.</summary>
        public void Dispose()
        {
            Arrivals.Detach(source);
            handle.Dispose();
            End(TakeEnd());
        }

        private async Task StopWhenCancelled(Task task, CancellationToken cancellationToken)
        {
            using (cancellationToken.Register(() => StopAsync(TimeSpan.Zero)))
            {
                try
                {
                    await task.ConfigureAwait(false);
                }
                catch (DingStreamClosedException) when (cancellationToken.IsCancellationRequested)
                {
                    throw new OperationCanceledException(cancellationToken);
                }
            }
        }

        private static Dictionary<string, object> Configuration(
            string clientId, string clientSecret, ClientOptions options)
        {
            var configuration = new Dictionary<string, object>
            {
                ["client_id"] = clientId ?? throw new ArgumentNullException(nameof(clientId)),
                ["client_secret"] = clientSecret ?? throw new ArgumentNullException(nameof(clientSecret)),
                ["ua"] = "dingstream-sdk-csharp/" + Library.Version + "-union",
            };
            options.Write(configuration);
            return configuration;
        }

        private static unsafe ClientHandle Make(Dictionary<string, object> configuration, ulong source)
        {
            var bytes = Utf8.Bytes(JsonWriter.Write(configuration));
            dingstream_config* config;
            fixed (byte* at = bytes)
            {
                DingStreamException.Check(NativeMethods.dingstream_config_from_json(at, Utf8.Length(bytes), &config));
            }
            dingstream_client* client;
            var error = NativeMethods.dingstream_client_new(config, Pump.Queue, source, &client);
            NativeMethods.dingstream_config_free(config);
            DingStreamException.Check(error);
            return new ClientHandle(client);
        }
    }
}
