using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>
    /// What waits to be handled, by the pump itself or by the thread pool. One work item of the pool drains many deliveries;
    /// where the backlog does not move, because a handler blocks, another one is added.
    /// </summary>
    internal static class Backlog
    {
        private const long LookMs = 2;

        private static readonly ConcurrentQueue<Work> Waiting = new ConcurrentQueue<Work>();
        private static readonly WaitCallback Drain = _ => DrainAll();
        private static readonly Stopwatch SinceLook = Stopwatch.StartNew();

        private static int queued;
        private static int running;
        private static long taken;
        private static long takenAtLook;

        internal static bool IsEmpty
        {
            get { return Waiting.IsEmpty; }
        }

        /// <summary>For the pump, which rouses once per batch.</summary>
        internal static void Add(Action<object> run, object state)
        {
            Waiting.Enqueue(new Work(run, state));
        }

        /// <summary>For everybody else.</summary>
        internal static void Post(Action<object> run, object state)
        {
            Add(run, state);
            DrainIfNobodyDoes();
        }

        /// <summary>Runs what waits longest, here and now; false where nothing waits.</summary>
        internal static bool RunOne()
        {
            Work work;
            if (!Waiting.TryDequeue(out work))
            {
                return false;
            }
            Interlocked.Increment(ref taken);
            work.Run(work.State);
            return true;
        }

        /// <summary>Sees to it that the thread pool drains the backlog; called by the pump alone.</summary>
        internal static void Rouse()
        {
            if (Waiting.IsEmpty || DrainIfNobodyDoes() || SinceLook.ElapsedMilliseconds < LookMs)
            {
                return;
            }
            var now = Volatile.Read(ref taken);
            if (now == takenAtLook && Volatile.Read(ref queued) == 0)
            {
                AddDrain();
            }
            takenAtLook = now;
            SinceLook.Restart();
        }

        private static bool DrainIfNobodyDoes()
        {
            if (Volatile.Read(ref queued) > 0 || Volatile.Read(ref running) > 0)
            {
                return false;
            }
            AddDrain();
            return true;
        }

        private static void AddDrain()
        {
            Interlocked.Increment(ref queued);
            ThreadPool.UnsafeQueueUserWorkItem(Drain, null);
        }

        private static void DrainAll()
        {
            Interlocked.Increment(ref running);
            Interlocked.Decrement(ref queued);
            do
            {
                while (RunOne())
                {
                }
                Interlocked.Decrement(ref running);
                // Whoever added in between saw this drain still running.
            }
            while (!Waiting.IsEmpty && Interlocked.Increment(ref running) > 0);
        }

        private struct Work
        {
            internal readonly Action<object> Run;
            internal readonly object State;

            internal Work(Action<object> run, object state)
            {
                Run = run;
                State = state;
            }
        }
    }
}
