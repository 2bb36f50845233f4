using System;

namespace DingStream
{
    /// <summary>
    /// The native library is missing, is of another platform, or does not belong to this assembly. The message names the
    /// platform, the paths that were tried and the remedy.
    /// </summary>
    public sealed class DingStreamLoadException : DllNotFoundException
    {
        internal DingStreamLoadException(string message, Exception cause)
            : base(message, cause)
        {
        }
    }
}
