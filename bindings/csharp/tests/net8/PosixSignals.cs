// What .NET 8 has and the class library here does not, so that the sources for .NET 8 can be compiled.
namespace System.Runtime.InteropServices
{
    internal enum PosixSignal
    {
        SIGINT = -2,
        SIGTERM = -4,
    }

    internal sealed class PosixSignalContext
    {
        internal bool Cancel { get; set; }
    }

    internal sealed class PosixSignalRegistration : IDisposable
    {
        internal static PosixSignalRegistration Create(PosixSignal signal, Action<PosixSignalContext> handler)
        {
            return new PosixSignalRegistration();
        }

        public void Dispose()
        {
        }
    }
}
