#if !NET8_0_OR_GREATER
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>
    /// .NET Core up to 5 and .NET Framework: Ctrl+C can be cancelled, but SIGTERM ends the process once everybody who listens
    /// to <see cref="AppDomain.ProcessExit"/> has returned. So the listener returns only when every run is over and the
    /// program had its last word.
    /// </summary>
    internal sealed class ExitSignals : IDisposable
    {
        private const int LastWordMs = 30000;

        /// <summary>Where no thread can be watched.</summary>
        private const int GraceMs = 1000;

        private static readonly List<ExitSignals> Watching = new List<ExitSignals>();

        private readonly ManualResetEventSlim isOver = new ManualResetEventSlim();
        private readonly Action ask;
        private readonly Thread home;

        internal ExitSignals(Action ask, Thread home)
        {
            this.ask = ask;
            this.home = home.IsBackground ? null : home;
            lock (Watching)
            {
                if (Watching.Count == 0)
                {
                    Console.CancelKeyPress += Interrupted;
                    AppDomain.CurrentDomain.ProcessExit += Exiting;
                }
                Watching.Add(this);
            }
        }

        public void Dispose()
        {
            lock (Watching)
            {
                Watching.Remove(this);
                if (Watching.Count == 0)
                {
                    Console.CancelKeyPress -= Interrupted;
                    AppDomain.CurrentDomain.ProcessExit -= Exiting;
                }
            }
            isOver.Set();
        }

        private static void Interrupted(object sender, ConsoleCancelEventArgs told)
        {
            told.Cancel = true;
            Array.ForEach(Everybody(), watcher => watcher.ask());
        }

        private static void Exiting(object sender, EventArgs told)
        {
            // Without this the exit code would tell of a kill; what Main returns still counts.
            Environment.ExitCode = 0;
            var everybody = Everybody();
            Array.ForEach(everybody, watcher => watcher.ask());
            Array.ForEach(everybody, watcher => watcher.isOver.Wait());
            var home = everybody.Select(watcher => watcher.home).FirstOrDefault(thread => thread != null);
            SpinWait.SpinUntil(() => HasEnded(home), home == null ? GraceMs : LastWordMs);
        }

        /// <summary>The runtime turns the main thread into a background thread as soon as Main has returned.</summary>
        private static bool HasEnded(Thread home)
        {
            return home != null && (home.IsBackground || !home.IsAlive);
        }

        private static ExitSignals[] Everybody()
        {
            lock (Watching)
            {
                return Watching.ToArray();
            }
        }
    }
}
#endif
