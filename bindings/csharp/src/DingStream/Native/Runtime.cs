#if !NET8_0_OR_GREATER
using System;

namespace DingStream.Native
{
    /// <summary>The runtime that this program runs on.</summary>
    internal static class Runtime
    {
        internal static readonly bool IsMono = Type.GetType("Mono.Runtime") != null;
    }
}
#endif
