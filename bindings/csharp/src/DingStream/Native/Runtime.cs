using System;

namespace DingStream.Native
{
    /// <summary>The runtime that this program runs on.</summary>
    internal static class Runtime
    {
#if NET8_0_OR_GREATER
        internal static bool IsMono
        {
            get { return false; }
        }
#else
        internal static readonly bool IsMono = Type.GetType("Mono.Runtime") != null;
#endif
    }
}
