using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace DingStream.Native
{
    /// <summary>
    /// Calls under way. Each is a task, found by the integer that went to the native side with it: a result that comes late,
    /// or twice, finds nobody.
    /// </summary>
    internal static unsafe class Calls
    {
        private static readonly ConcurrentDictionary<long, TaskCompletionSource<Json>> UnderWay =
            new ConcurrentDictionary<long, TaskCompletionSource<Json>>();

        private static long last;

        static Calls()
        {
            TaskScheduler.UnobservedTaskException += TellUnobserved;
        }

        /// <summary>A function of the library that makes a call.</summary>
        internal delegate dingstream_error* Beginning(dingstream_call** call);

        /// <summary>Makes a call of a handle, unless it is cancelled by then.</summary>
        internal static Task<Json> Begin(
            Operation operation, Handle handle, CancellationToken cancellation, Beginning beginning)
        {
            if (cancellation.IsCancellationRequested)
            {
                return Task.FromCanceled<Json>(cancellation);
            }
            dingstream_call* call;
            dingstream_error* error;
            using (handle.Borrow())
            {
                error = beginning(&call);
            }
            return Follow(operation, error, call, cancellation);
        }

        /// <summary>The task of a call that was just made, or of the error that making it met.</summary>
        internal static Task<Json> Follow(
            Operation operation, dingstream_error* error, dingstream_call* call, CancellationToken cancellation)
        {
            var source = new TaskCompletionSource<Json>(operation, TaskCreationOptions.RunContinuationsAsynchronously);
            if (error != null)
            {
                source.SetException(DingStreamException.Take(error));
                return source.Task;
            }
            var tag = Interlocked.Increment(ref last);
            UnderWay[tag] = source;
            var refused = NativeMethods.dingstream_call_to_queue(call, Pump.Queue, (ulong)tag);
            if (refused != null)
            {
                Forget(tag);
                source.SetException(DingStreamException.Take(refused));
            }
            else if (cancellation.CanBeCanceled)
            {
                ForgetWhenCancelled(tag, source, cancellation);
            }
            return source.Task;
        }

        /// <summary>Makes a call that bytes go into or come from.</summary>
        internal static CallHandle Open(Handle handle, Beginning beginning)
        {
            dingstream_call* call;
            using (handle.Borrow())
            {
                DingStreamException.Check(beginning(&call));
            }
            return new CallHandle(call);
        }

        /// <summary>The task of a call whose bytes have gone their way.</summary>
        internal static Task<Json> Follow(Operation operation, CallHandle call, CancellationToken cancellation)
        {
            return Follow(operation, null, call.Take(), cancellation);
        }

        /// <summary>The same outcome, whose error is logged where nobody looks at it.</summary>
        internal static Task<T> Watched<T>(Operation operation, Task<T> work, CancellationToken cancellation)
        {
            var source = new TaskCompletionSource<T>(operation, TaskCreationOptions.RunContinuationsAsynchronously);
            work.ContinueWith(
                done => done.IsCanceled ? source.TrySetCanceled(cancellation)
                    : done.IsFaulted ? source.TrySetException(done.Exception.InnerExceptions)
                    : source.TrySetResult(done.Result),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            return source.Task;
        }

        /// <summary>Hands the outcome over; called by the pump alone.</summary>
        internal static void End(ulong tag, dingstream_json* json, dingstream_error* error)
        {
            var result = json == null ? null : new Json(json);
            var failure = error == null ? null : DingStreamException.Take(error);
            var source = Forget((long)tag);
            if (source == null)
            {
                return;
            }
            var operation = (Operation)source.Task.AsyncState;
            operation.Outlasting(failure).ContinueWith(
                _ => failure == null ? source.TrySetResult(result) : source.TrySetException(failure),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        private static TaskCompletionSource<Json> Forget(long tag)
        {
            TaskCompletionSource<Json> source;
            UnderWay.TryRemove(tag, out source);
            return source;
        }

        private static void ForgetWhenCancelled(
            long tag, TaskCompletionSource<Json> source, CancellationToken cancellation)
        {
            var registration = cancellation.Register(() =>
            {
                Forget(tag);
                source.TrySetCanceled(cancellation);
            });
            source.Task.ContinueWith(
                _ => registration.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        /// <summary>Logs the error of a call that nobody looked at; the runtime tells it once the task is collected.</summary>
        private static void TellUnobserved(object sender, UnobservedTaskExceptionEventArgs told)
        {
            var operation = (sender as Task)?.AsyncState as Operation;
            if (operation != null)
            {
                told.SetObserved();
                operation.Tell(told.Exception.GetBaseException().Message);
            }
        }
    }
}
