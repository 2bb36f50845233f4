using System;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    public sealed partial class Client
    {
        /// <summary>The foreground thread that made the client: what a process waits for before it ends.</summary>
        private readonly Thread home = Thread.CurrentThread;

        private TaskCompletionSource<bool> end;
        private volatile bool isStarted;

        /// <summary>
        /// Starts, and returns once the client has stopped: after SIGINT (Ctrl+C) or SIGTERM, which it turns into a stop
        /// within <see cref="ClientOptions.StopDeadline"/>, after a stop, or with the refusal of its first start.
        /// </summary>
        /// <param name="cancellationToken">Stops it, as a signal does.</param>
        /// <exception cref="DingStreamException">The refusal of the start.</exception>
        public void Run(CancellationToken cancellationToken = default(CancellationToken))
        {
            RunAsync(cancellationToken).GetAwaiter().GetResult();
        }

        /// <summary>As <see cref="Run"/>, without holding the thread.</summary>
        /// <param name="cancellationToken">Stops it, as a signal does.</param>
        /// <returns>The run under way.</returns>
        public async Task RunAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isAsked = 0;
            Action ask = () =>
            {
                Interlocked.Exchange(ref isAsked, 1);
                StopAsync();
            };
            using (Signals.Watch(ask, home))
            using (cancellationToken.Register(ask))
            {
                var ended = ExpectEnd();
                var start = StartAsync();
                if (Volatile.Read(ref isAsked) == 1)
                {
                    // Asked before there was anything to stop.
                    ask();
                }
                await UntilEnded(start, ended).ConfigureAwait(false);
            }
        }

        private async Task UntilEnded(Task start, Task ended)
        {
            try
            {
                await start.ConfigureAwait(false);
            }
            catch (DingStreamClosedException)
            {
                // Stopped before the first connection, which is no failure.
            }
            await ended.ConfigureAwait(false);
            if (State == State.Stopped)
            {
                return;
            }
            // That was the end of the run before, which this one had to wait for.
            ended = ExpectEnd();
            if (State == State.Stopped)
            {
                End(TakeEnd());
            }
            await ended.ConfigureAwait(false);
        }

        /// <summary>The end of the run under way, for whoever may wait for it.</summary>
        private Task CurrentEnd()
        {
            lock (handlers)
            {
                return heard == this ? null : end?.Task;
            }
        }

        /// <summary>The end of the run under way, or of the next one.</summary>
        private Task ExpectEnd()
        {
            lock (handlers)
            {
                isStarted = true;
                end = end ?? new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                return end.Task;
            }
        }

        private TaskCompletionSource<bool> TakeEnd()
        {
            lock (handlers)
            {
                var taken = end;
                end = null;
                return taken;
            }
        }

        private void End(TaskCompletionSource<bool> ended)
        {
            if (ended != null)
            {
                deliveries?.End();
                ended.TrySetResult(true);
            }
        }
    }
}
