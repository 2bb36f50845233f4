using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>What a handler is in here: it returns nothing, a value, or a task.</summary>
    internal delegate object Handler(Delivery delivery);

    /// <summary>One handler per kind, plus one per event type and per topic.</summary>
    internal sealed class Handlers
    {
        private static readonly Field<string> EventType = Field.Text(Part.Headers, "/eventType");

        private readonly Dictionary<Kind, Handler> kinds = new Dictionary<Kind, Handler>();
        private readonly Dictionary<string, Handler> eventTypes = new Dictionary<string, Handler>();
        private readonly Dictionary<string, Handler> topics = new Dictionary<string, Handler>();

        internal void Add(Kind kind, Handler handler)
        {
            kinds[kind] = handler;
        }

        internal void AddEventType(string eventType, Handler handler)
        {
            eventTypes[eventType] = handler;
        }

        internal void AddTopic(string topic, Handler handler)
        {
            topics[topic] = handler;
        }

        internal Handler Find(Delivery delivery)
        {
            Handler handler = null;
            if (delivery.Kind == Kind.Event)
            {
                var type = eventTypes.Count == 0 ? null : EventType.Of(delivery);
                handler = type == null ? null : Find(eventTypes, type);
            }
            else if (topics.Count > 0 && delivery.Kind != Kind.State)
            {
                handler = Find(topics, delivery.Topic);
            }
            return handler ?? Find(kinds, delivery.Kind);
        }

        internal static Handler Of<T>(Action<T> handler)
            where T : Delivery
        {
            NotNull(handler);
            return delivery =>
            {
                handler((T)delivery);
                return null;
            };
        }

        internal static Handler OfValue<T>(Func<T, object> handler)
            where T : Delivery
        {
            NotNull(handler);
            return delivery => handler((T)delivery);
        }

        internal static Handler OfResult<T, TResult>(Func<T, Task<TResult>> handler)
            where T : Delivery
        {
            NotNull(handler);
            return delivery => Boxed(handler((T)delivery));
        }

        private static Handler Find<TKey>(Dictionary<TKey, Handler> handlers, TKey key)
        {
            Handler handler;
            handlers.TryGetValue(key, out handler);
            return handler;
        }

        /// <summary>A task whose result can be read without reflection.</summary>
        private static async Task<object> Boxed<TResult>(Task<TResult> task)
        {
            return task == null ? null : (object)await task.ConfigureAwait(false);
        }

        private static void NotNull(Delegate handler)
        {
            if (handler == null)
            {
                throw new ArgumentNullException(nameof(handler));
            }
        }
    }
}
