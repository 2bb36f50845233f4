#if !NET8_0_OR_GREATER
using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>
    /// Mono ends at once on SIGTERM, and without a terminal on SIGINT too. Its runtime comes with a native helper that counts
    /// signals, the one under its class UnixSignal.
    /// </summary>
    internal sealed class MonoSignals : IDisposable
    {
        private const int LookMs = 50;

        /// <summary>Behind the number of the signal in the helper's structure.</summary>
        private const int CountOffset = 4;

        private static readonly int[] Numbers = { 2, 15 };

        private readonly IntPtr[] counters;
        private readonly Timer timer;
        private readonly Action ask;

        internal MonoSignals(Action ask)
        {
            this.ask = ask;
            counters = Array.ConvertAll(Numbers, Install);
            timer = new Timer(Look, null, LookMs, LookMs);
        }

        public void Dispose()
        {
            using (var isLast = new ManualResetEvent(false))
            {
                timer.Dispose(isLast);
                isLast.WaitOne();
            }
            foreach (var counter in counters)
            {
                Mono_Unix_UnixSignal_uninstall(counter);
            }
        }

        private static IntPtr Install(int number)
        {
            return Mono_Unix_UnixSignal_install(number);
        }

        private void Look(object state)
        {
            foreach (var counter in counters)
            {
                if (counter != IntPtr.Zero && Marshal.ReadInt32(counter, CountOffset) > 0)
                {
                    Marshal.WriteInt32(counter, CountOffset, 0);
                    ask();
                }
            }
        }

        [DllImport("MonoPosixHelper")]
        private static extern IntPtr Mono_Unix_UnixSignal_install(int number);

        [DllImport("MonoPosixHelper")]
        private static extern int Mono_Unix_UnixSignal_uninstall(IntPtr counter);
    }
}
#endif
