using System;
using System.Collections.Concurrent;
using System.Threading;

namespace DingStream.Native
{
    /// <summary>Whom the things that the queue hands out belong to.</summary>
    internal static unsafe class Arrivals
    {
        private static readonly ConcurrentDictionary<ulong, Client> Clients = new ConcurrentDictionary<ulong, Client>();
        private static readonly ConcurrentDictionary<ulong, Log> Logs = new ConcurrentDictionary<ulong, Log>();

        private static long lastSource;

        internal static ulong Attach(Client client)
        {
            var source = Attach(client.Log);
            Clients[source] = client;
            return source;
        }

        /// <summary>For what has a log and no deliveries.</summary>
        internal static ulong Attach(Log log)
        {
            var source = (ulong)Interlocked.Increment(ref lastSource);
            Logs[source] = log;
            return source;
        }

        internal static void Detach(ulong source)
        {
            Client client;
            Clients.TryRemove(source, out client);
            Log log;
            Logs.TryRemove(source, out log);
        }

        /// <summary>Passes one on; called by the pump alone.</summary>
        internal static void Pass(ref dingstream_view view)
        {
            if (view.kind == (uint)dingstream_kind.Call)
            {
                Calls.End(view.tag, view.json, view.error);
                return;
            }
            if (view.kind == (uint)dingstream_kind.Log)
            {
                PassLog(ref view);
                return;
            }
            Client client;
            if (Clients.TryGetValue(view.source, out client))
            {
                client.Arrived(Views.Of(client, ref view));
            }
            else
            {
                NativeMethods.dingstream_delivery_free(view.delivery);
            }
        }

        private static void PassLog(ref dingstream_view view)
        {
            Log log;
            if (Logs.TryGetValue(view.source, out log))
            {
                var level = (LogLevel)Array.IndexOf(Words.LogLevel, Utf8.Text(view.topic, view.topic_len));
                log.Write(level, Utf8.Text(view.id, view.id_len), Utf8.Text(view.data, view.data_len));
            }
            NativeMethods.dingstream_json_free(view.json);
        }
    }
}
