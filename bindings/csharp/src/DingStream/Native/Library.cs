using System;
using System.IO;
using System.Runtime.InteropServices;

namespace DingStream.Native
{
    /// <summary>The native library: whether it is there, and whether it is the one that this assembly was made for.</summary>
    internal static unsafe class Library
    {
        private static volatile bool isChecked;

        internal static string Version
        {
            get { return Utf8.Text(NativeMethods.dingstream_version()); }
        }

        internal static void Check()
        {
            if (!isChecked)
            {
                CheckOnce();
                isChecked = true;
            }
        }

        private static void CheckOnce()
        {
            uint found;
            try
            {
                found = NativeMethods.dingstream_abi_version();
            }
            catch (Exception error) when (
                error is DllNotFoundException || error is EntryPointNotFoundException || error is BadImageFormatException)
            {
                throw new DingStreamLoadException(Explain(error), error);
            }
            var wanted = (uint)dingstream_abi.Version;
            if (found != wanted)
            {
                throw new DingStreamLoadException(
                    $"the native library of dingstream has ABI version {found}, and this assembly needs {wanted}: "
                        + "deploy the library of the same package as DingStream.dll",
                    null);
            }
        }

        private static string Explain(Exception error)
        {
            var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            var system = RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? "linux"
                : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
                : "win";
            var libc = system == "linux" ? IsMusl() ? " with musl" : " with glibc" : "";
            var rid = (IsMusl() ? "linux-musl" : system) + "-" + architecture;
            var name = system == "win" ? "dingstream.dll" : system == "osx" ? "libdingstream.dylib" : "libdingstream.so";
            var home = AppDomain.CurrentDomain.BaseDirectory;
            var tried = Tell(Path.Combine(home, name)) + ", "
                + Tell(Path.Combine(home, "runtimes", rid, "native", name)) + ", the system's library path";
            return $"the native library of dingstream can't be loaded on {rid} ({RuntimeInformation.OSDescription.Trim()}{libc}); "
                + $"tried {tried}: {error.Message.Trim()}; put {name} of the package DingStream beside the program, "
                + $"from the package's folder runtimes/{rid}/native";
        }

        private static string Tell(string path)
        {
            return path + (File.Exists(path) ? " (there)" : " (not there)");
        }

        private static bool IsMusl()
        {
            return Directory.Exists("/lib") && Directory.GetFiles("/lib", "ld-musl-*").Length > 0;
        }
    }
}
