#if NET8_0_OR_GREATER
using System;
using System.Runtime.InteropServices;

namespace DingStream.Native
{
    /// <summary>.NET 6 and later have signals in their class library.</summary>
    internal sealed class PosixSignals : IDisposable
    {
        private readonly PosixSignalRegistration interrupt;
        private readonly PosixSignalRegistration terminate;

        internal PosixSignals(Action ask)
        {
            Action<PosixSignalContext> handler = context =>
            {
                context.Cancel = true;
                ask();
            };
            interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, handler);
            terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, handler);
        }

        public void Dispose()
        {
            interrupt.Dispose();
            terminate.Dispose();
        }
    }
}
#endif
