using System;
using DingStream.Native;

namespace DingStream
{
    public sealed partial class Client
    {
        private readonly Handlers handlers = new Handlers();
        private Deliveries deliveries;

        /// <summary>
        /// Deliveries of these kinds one after the other, instead of handlers. Asking for the first one starts the client;
        /// asking for the next one settles the one before as done, unless it was taken or settled.
        /// </summary>
        /// <param name="kinds">What to receive: <see cref="Kind.Message"/>, <see cref="Kind.Event"/> …</param>
        /// <returns>The deliveries, for one reader.</returns>
        /// <exception cref="DingStreamConfigException">The client was started.</exception>
        public Deliveries Deliveries(params Kind[] kinds)
        {
            foreach (var kind in kinds)
            {
                Subscribe(kind, "");
            }
            deliveries = deliveries ?? new Deliveries(this);
            deliveries.Add(kinds);
            return deliveries;
        }

        private void Register(Kind kind, Handler handler)
        {
            if (kind == Kind.State)
            {
                RefuseWhenStarted();
            }
            else
            {
                Subscribe(kind, "");
            }
            handlers.Add(kind, handler);
        }

        private void RegisterEventType(string eventType, Handler handler)
        {
            NotNull(eventType, nameof(eventType));
            Subscribe(Kind.Event, "");
            handlers.AddEventType(eventType, handler);
        }

        private void RegisterTopic(string topic, Handler handler)
        {
            NotNull(topic, nameof(topic));
            Subscribe(Topics.KindOf(topic), topic);
            handlers.AddTopic(topic, handler);
        }

        private unsafe void Subscribe(Kind kind, string topic)
        {
            var bytes = Utf8.Bytes(topic);
            using (handle.Borrow())
            {
                fixed (byte* at = bytes)
                {
                    DingStreamException.Check(
                        NativeMethods.dingstream_client_subscribe(handle.Pointer, (uint)kind, at, Utf8.Length(bytes)));
                }
            }
        }

        private void RefuseWhenStarted()
        {
            if (isStarted)
            {
                throw DingStreamException.Of(
                    ErrorKind.Config, "a handler came after the start", "register everything before start or run");
            }
        }

        private static void NotNull(object value, string name)
        {
            if (value == null)
            {
                throw new ArgumentNullException(name);
            }
        }
    }
}
