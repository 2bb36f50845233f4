#if !NET8_0_OR_GREATER
using System;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>Mono ends a process by ending its threads, and waits for those that do not hear of it.</summary>
    internal static class MonoEnd
    {
        private const int PatienceMs = 200;
        private const int ParkMs = 20;

        /// <summary>Before the end: wakes the thread that waits in native code, and lets the pool come to rest.</summary>
        internal static void Prepare(Action wake)
        {
            AppDomain.CurrentDomain.ProcessExit += (sender, told) =>
            {
                wake();
                // A pool thread that goes to sleep at that very moment holds the end up for as long as it sleeps, a minute
                // at worst; one that sleeps already is woken.
                SpinWait.SpinUntil(IsPoolIdle, PatienceMs);
                Thread.Sleep(ParkMs);
            };
        }

        private static bool IsPoolIdle()
        {
            int most, available, ports;
            ThreadPool.GetMaxThreads(out most, out ports);
            ThreadPool.GetAvailableThreads(out available, out ports);
            return available >= most;
        }
    }
}
#endif
