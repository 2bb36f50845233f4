using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    public sealed partial class Client
    {
        /// <summary>What DingTalk is told about a handler's error: never the error itself.</summary>
        private const string HandlerFailed = "the handler failed";

        private static readonly Action<object> HandleNow = HandleDelivery;

        /// <summary>The client whose handler of states runs on this thread.</summary>
        [ThreadStatic]
        private static Client heard;

        private readonly SynchronizationContext context;

        /// <summary>States are heard one after the other.</summary>
        private Task states = Task.CompletedTask;

        /// <summary>Handlers that wait for something. A collected one would never end.</summary>
        private readonly ConcurrentDictionary<Delivery, Task> waiting = new ConcurrentDictionary<Delivery, Task>();

        internal Log Log { get; }

        /// <summary>Passes a delivery on; called by the pump alone.</summary>
        internal void Arrived(Delivery delivery)
        {
            if (delivery.Kind == Kind.State && delivery.Topic == Words.State[(int)State.Stopped])
            {
                // Taken here, in the order of arrival: the next run may begin before this one's handler was heard.
                delivery.Ends = TakeEnd();
            }
            if (deliveries != null && deliveries.Wants(delivery) && handlers.Find(delivery) == null)
            {
                deliveries.Add(delivery);
            }
            else if (context != null)
            {
                context.Post(state => HandleNow(state), delivery);
                // Whoever holds the context's thread while waiting for the end would wait for ever.
                End(delivery.Ends);
            }
            else if (delivery.Kind == Kind.State)
            {
                states = states.ContinueWith(_ => HearOf(delivery), TaskScheduler.Default);
            }
            else
            {
                Backlog.Add(HandleNow, delivery);
            }
        }

        private static void HandleDelivery(object state)
        {
            var delivery = (Delivery)state;
            delivery.Client.Handle(delivery);
        }

        private void HearOf(Delivery state)
        {
            heard = this;
            Handle(state);
            heard = null;
        }

        private void Handle(Delivery delivery)
        {
            try
            {
                var handler = handlers.Find(delivery);
                if (handler == null)
                {
                    delivery.FinishUnhandled();
                }
                var returned = handler == null ? null : handler(delivery);
                var task = returned as Task;
                if (task != null)
                {
                    FinishAsync(delivery, task).GetAwaiter();
                    return;
                }
                delivery.Finish(returned);
            }
            catch (Exception error)
            {
                Failed(delivery, error);
            }
            Leave(delivery);
        }

        private async Task FinishAsync(Delivery delivery, Task task)
        {
            if (!task.IsCompleted)
            {
                waiting[delivery] = task;
            }
            try
            {
                await task.ConfigureAwait(false);
                delivery.Finish((task as Task<object>)?.Result);
            }
            catch (Exception error)
            {
                Failed(delivery, error);
            }
            waiting.TryRemove(delivery, out task);
            Leave(delivery);
        }

        private void Leave(Delivery delivery)
        {
            delivery.Free();
            End(delivery.Ends);
        }

        private void Failed(Delivery delivery, Exception error)
        {
            var kind = Words.Kind[(int)delivery.Kind];
            var which = delivery.Id.Length == 0 ? "" : " on delivery " + delivery.Id;
            Log.Write(LogLevel.Error, "handler", $"a handler of kind {kind} failed{which}: {error.Message}", error);
            delivery.FinishFailed(HandlerFailed);
        }
    }
}
