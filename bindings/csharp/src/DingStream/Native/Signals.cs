using System;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>
    /// SIGINT and SIGTERM while a client runs. No managed function is ever a signal handler: the runtime's own means tell of
    /// them, which differ from one runtime to the next.
    /// </summary>
    internal static class Signals
    {
        /// <summary>Calls <paramref name="ask"/> when the process is asked to end, until the result is disposed of.</summary>
        internal static IDisposable Watch(Action ask, Thread home)
        {
#if NET8_0_OR_GREATER
            return new PosixSignals(ask);
#else
            return Runtime.IsMono
                ? (IDisposable)new MonoSignals(ask)
                : new ExitSignals(ask, home);
#endif
        }
    }
}
