using System;
using System.Collections.Concurrent;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>Whom the things that the queue hands out belong to.</summary>
    internal static unsafe class Arrivals
    {
        private static readonly ConcurrentDictionary<ulong, Client> Clients = new ConcurrentDictionary<ulong, Client>();

        private static long lastSource;

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

        /// <summary>Passes one on; called by the pump alone.</summary>
        internal static void Pass(ref dingstream_view view)
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
