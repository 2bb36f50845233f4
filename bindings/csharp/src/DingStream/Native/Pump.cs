using System;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>
    /// The one consumer of this process: it takes batches from the one queue, and no thread of the library ever enters managed
    /// code. Two background threads share the work. One pumps and runs the handlers of what it took, since waking a thread
    /// costs more than most handlers do; the other watches, and pumps in its place as soon as a batch takes long. So a
    /// handler that blocks, even for something that only the pump can bring, never stops the pump. While it blocks, handlers
    /// run on the thread pool.
    /// </summary>
    internal static unsafe class Pump
    {
        private const int BatchSize = 64;
        private const int LookMs = 2;

        /// <summary>After so many looks without work the watcher sleeps until it is woken.</summary>
        private const int LooksBeforeSleep = 25;

        private static readonly AutoResetEvent Wake = new AutoResetEvent(false);

        /// <summary>1 while the pump runs handlers. Whoever makes it 0 pumps from then on.</summary>
        private static int handling;
        private static int batches;
        private static volatile bool isWatched;
        private static int isAsleep;

        static Pump()
        {
            dingstream_queue* made;
            DingStreamException.Check(NativeMethods.dingstream_queue_new(&made));
            Queue = made;
            Start();
#if !NET8_0_OR_GREATER
            if (Runtime.IsMono)
            {
                MonoEnd.Prepare(() => NativeMethods.dingstream_queue_close(Queue));
            }
#endif
        }

        internal static dingstream_queue* Queue { get; }

        private static void Start()
        {
            if (!ExecutionContext.IsFlowSuppressed())
            {
                // Whatever flows through the code that made the first client is not meant for every handler.
                using (ExecutionContext.SuppressFlow())
                {
                    Start();
                }
                return;
            }
            Start(isPump: true);
            Start(isPump: false);
        }

        private static void Start(bool isPump)
        {
            new Thread(() => Work(isPump)) { IsBackground = true, Name = "dingstream" }.Start();
        }

        private static void Work(bool isPump)
        {
            if (!isPump)
            {
                Watch();
            }
            while (PumpUntilRelieved())
            {
                Watch();
            }
        }

        /// <summary>False at the end of the queue.</summary>
        private static bool PumpUntilRelieved()
        {
            var views = stackalloc dingstream_view[BatchSize];
            while (Take(views))
            {
                if (!isWatched)
                {
                    Backlog.Rouse();
                }
                else if (!Backlog.IsEmpty && !HandleUntilRelieved())
                {
                    return true;
                }
            }
            return false;
        }

        private static bool Take(dingstream_view* views)
        {
            UIntPtr count;
            var patience = Backlog.IsEmpty ? -1 : LookMs;
            var error = NativeMethods.dingstream_queue_next_batch(Queue, patience, views, (UIntPtr)BatchSize, &count);
            if (error != null)
            {
                Console.Error.WriteLine("dingstream error queue: " + DingStreamException.Take(error).Message);
                return false;
            }
            for (var index = 0; index < (int)count; index++)
            {
                if (views[index].kind == (uint)dingstream_kind.Closed)
                {
                    return false;
                }
                Arrivals.Pass(ref views[index]);
            }
            return true;
        }

        /// <summary>Runs handlers until none waits; false where the watcher pumps by now.</summary>
        private static bool HandleUntilRelieved()
        {
            batches++;
            Interlocked.Exchange(ref handling, 1);
            if (Volatile.Read(ref isAsleep) == 1)
            {
                Wake.Set();
            }
            while (Volatile.Read(ref handling) == 1 && Backlog.RunOne())
            {
            }
            return Interlocked.CompareExchange(ref handling, 0, 1) == 1;
        }

        /// <summary>Returns once the pump takes too long, to pump in its place.</summary>
        private static void Watch()
        {
            isWatched = true;
            var seen = -1;
            for (var looks = 0; ; looks++)
            {
                var isHandling = Volatile.Read(ref handling) == 1;
                if (isHandling && seen == Volatile.Read(ref batches))
                {
                    isWatched = false;
                    if (Interlocked.CompareExchange(ref handling, 0, 1) == 1)
                    {
                        Backlog.Rouse();
                        return;
                    }
                    isWatched = true;
                }
                looks = isHandling ? 0 : looks;
                seen = isHandling ? Volatile.Read(ref batches) : -1;
                Rest(looks);
            }
        }

        private static void Rest(int looks)
        {
            if (looks < LooksBeforeSleep)
            {
                Wake.WaitOne(LookMs);
                return;
            }
            Interlocked.Exchange(ref isAsleep, 1);
            // Whoever began just now did not know that it had to wake anybody.
            if (Volatile.Read(ref handling) == 0)
            {
                Wake.WaitOne();
            }
            Interlocked.Exchange(ref isAsleep, 0);
        }
    }
}
