using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace DingStream
{
    /// <summary>
    /// Deliveries one after the other, for one reader: by <c>foreach</c>, by <see cref="NextAsync"/>, and on current runtimes
    /// by <c>await foreach</c>.
    /// </summary>
    public sealed class Deliveries : IEnumerable<Delivery>
#if NET8_0_OR_GREATER
        , IAsyncEnumerable<Delivery>
#endif
    {
        private readonly object gate = new object();
        private readonly Client client;
        private readonly HashSet<Kind> kinds = new HashSet<Kind>();
        private readonly ConcurrentQueue<Delivery> arrived = new ConcurrentQueue<Delivery>();

        private TaskCompletionSource<Delivery> asked;
        private Delivery current;
        private bool isStarted;
        private bool hasEnded;

        internal Deliveries(Client client)
        {
            this.client = client;
        }

        /// <summary>
        /// The next delivery, or <c>null</c> once the client has stopped. The first call starts the client; each one settles
        /// the delivery before as done, unless it was taken or settled.
        /// </summary>
        /// <param name="cancellationToken">Ends the waiting; no delivery is lost by it.</param>
        /// <returns>The delivery, or <c>null</c>.</returns>
        /// <exception cref="DingStreamException">The refusal of the start.</exception>
        public async Task<Delivery> NextAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            FinishCurrent();
            if (!isStarted)
            {
                isStarted = true;
                await StartAsync(cancellationToken).ConfigureAwait(false);
            }
            var next = Ask();
            using (cancellationToken.Register(() => next.TrySetCanceled(cancellationToken)))
            {
                current = await next.Task.ConfigureAwait(false);
            }
            return current;
        }

        /// <summary>Reads by <c>foreach</c>, holding the thread while nothing is there.</summary>
        /// <returns>The reader.</returns>
        public IEnumerator<Delivery> GetEnumerator()
        {
            for (;;)
            {
                var delivery = NextAsync().GetAwaiter().GetResult();
                if (delivery == null)
                {
                    yield break;
                }
                yield return delivery;
            }
        }

        IEnumerator IEnumerable.GetEnumerator()
        {
            return GetEnumerator();
        }

#if NET8_0_OR_GREATER
        /// <summary>Reads by <c>await foreach</c>.</summary>
        /// <param name="cancellationToken">Ends the reading.</param>
        /// <returns>The reader.</returns>
        public IAsyncEnumerator<Delivery> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            return new Reader(this, cancellationToken);
        }
#endif

        internal void Add(Kind[] added)
        {
            kinds.UnionWith(added);
        }

        internal bool Wants(Delivery delivery)
        {
            return kinds.Contains(delivery.Kind);
        }

        internal void Add(Delivery delivery)
        {
            lock (gate)
            {
                // A reader that gave up asks no more.
                if (asked == null || !asked.TrySetResult(delivery))
                {
                    arrived.Enqueue(delivery);
                }
                asked = null;
            }
        }

        internal void End()
        {
            lock (gate)
            {
                hasEnded = true;
                asked?.TrySetResult(null);
                asked = null;
            }
        }

        private TaskCompletionSource<Delivery> Ask()
        {
            var next = new TaskCompletionSource<Delivery>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate)
            {
                Delivery first;
                if (arrived.TryDequeue(out first))
                {
                    next.SetResult(first);
                }
                else if (hasEnded)
                {
                    // Asked once more, it starts the client anew.
                    isStarted = false;
                    hasEnded = false;
                    next.SetResult(null);
                }
                else
                {
                    asked = next;
                }
            }
            return next;
        }

        private async Task StartAsync(CancellationToken cancellationToken)
        {
            try
            {
                await client.StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DingStreamClosedException)
            {
                // Stopped before the first connection, which is no failure.
            }
        }

        private void FinishCurrent()
        {
            var before = current;
            current = null;
            before?.Finish(null);
            before?.Free();
        }

#if NET8_0_OR_GREATER
        private sealed class Reader : IAsyncEnumerator<Delivery>
        {
            private readonly Deliveries deliveries;
            private readonly CancellationToken cancellationToken;

            internal Reader(Deliveries deliveries, CancellationToken cancellationToken)
            {
                this.deliveries = deliveries;
                this.cancellationToken = cancellationToken;
            }

            public Delivery Current { get; private set; }

            public async ValueTask<bool> MoveNextAsync()
            {
                Current = await deliveries.NextAsync(cancellationToken).ConfigureAwait(false);
                return Current != null;
            }

            public ValueTask DisposeAsync()
            {
                return default;
            }
        }
#endif
    }
}
