using System;
using System.Collections.Concurrent;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>
    /// The one consumer of this process: a background thread that takes batches from the one queue and passes them on. It
    /// never runs code of the application, and no thread of the library ever enters managed code.
    /// </summary>
    internal static unsafe class Pump
    {
        private const int BatchSize = 64;

        private static readonly ConcurrentDictionary<ulong, Client> Clients = new ConcurrentDictionary<ulong, Client>();

        private static long lastSource;

        static Pump()
        {
            dingstream_queue* made;
            DingStreamException.Check(NativeMethods.dingstream_queue_new(&made));
            Queue = made;
            new Thread(Run) { IsBackground = true, Name = "dingstream" }.Start();
#if !NET8_0_OR_GREATER
            if (Runtime.IsMono)
            {
                MonoEnd.Prepare(() => NativeMethods.dingstream_queue_close(Queue));
            }
#endif
        }

        internal static dingstream_queue* Queue { get; }

        internal static ulong Attach(Client client)
        {
            var source = (ulong)Interlocked.Increment(ref lastSource);
            Clients[source] = client;
            return source;
        }

        internal static void Detach(ulong source)
        {
            Client client;
            Clients.TryRemove(source, out client);
        }

        private static void Run()
        {
            var views = stackalloc dingstream_view[BatchSize];
            for (;;)
            {
                UIntPtr count;
                var error = NativeMethods.dingstream_queue_next_batch(
                    Queue, Backlog.PatienceMs, views, (UIntPtr)BatchSize, &count);
                if (error != null)
                {
                    Console.Error.WriteLine("dingstream error queue: " + DingStreamException.Take(error).Message);
                    return;
                }
                for (var index = 0; index < (int)count; index++)
                {
                    if (views[index].kind == (uint)dingstream_kind.Closed)
                    {
                        return;
                    }
                    Pass(ref views[index]);
                }
                Backlog.Rouse();
            }
        }

        private static void Pass(ref dingstream_view view)
        {
            if (view.kind == (uint)dingstream_kind.Call)
            {
                Calls.End(view.tag, view.json, view.error);
                return;
            }
            Client client;
            Clients.TryGetValue(view.source, out client);
            if (view.kind == (uint)dingstream_kind.Log)
            {
                PassLog(client, ref view);
            }
            else if (client != null)
            {
                client.Arrived(Views.Of(client, ref view));
            }
            else
            {
                NativeMethods.dingstream_delivery_free(view.delivery);
            }
        }

        private static void PassLog(Client client, ref dingstream_view view)
        {
            if (client != null)
            {
                var level = (LogLevel)Array.IndexOf(Words.LogLevel, Utf8.Text(view.topic, view.topic_len));
                client.Log.Write(level, Utf8.Text(view.id, view.id_len), Utf8.Text(view.data, view.data_len));
            }
            NativeMethods.dingstream_json_free(view.json);
        }
    }
}
