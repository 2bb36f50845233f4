using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>What needs no delivery to answer, and no connection: it works before the start and without one.</summary>
    public sealed partial class Client
    {
        /// <summary>Sends a message by OpenAPI. It starts at once; an error that nobody looks at is logged.</summary>
        /// <param name="target">Whom to; many users go out in batches.</param>
        /// <param name="message">What to say.</param>
        /// <param name="cancellationToken">Ends the waiting; what was already sent stays sent.</param>
        /// <returns>
        /// <c>{"processQueryKeys":["…"]}</c>; for users with <c>invalidStaffIdList</c>, <c>flowControlledStaffIdList</c> and
        /// <c>failed</c>, which tell who did not get it; with <c>"lost":["mentions"]</c> where there were some.
        /// </returns>
        public unsafe Task<Json> SendAsync(
            Target target, Message message, CancellationToken cancellationToken = default(CancellationToken))
        {
            var to = Target.Bytes(target);
            if (message == null)
            {
                throw new ArgumentNullException(nameof(message));
            }
            return Begin("send", cancellationToken, call =>
            {
                fixed (byte* at = to)
                {
                    return NativeMethods.dingstream_client_send(handle.Pointer, at, Utf8.Length(to), message.ToNative(), call);
                }
            });
        }

        /// <summary>Who has read what was sent, within 24 hours.</summary>
        /// <param name="target">Where it was sent to; of users, the kind is enough: <c>Target.Users()</c>.</param>
        /// <param name="key">Its <c>processQueryKey</c>.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>DingTalk's own answer.</returns>
        public unsafe Task<Json> ReadStatusAsync(
            Target target, string key, CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] to = Target.Bytes(target), name = Given(key, nameof(key));
            return Begin("read_status", cancellationToken, call =>
            {
                fixed (byte* at = to, named = name)
                {
                    return NativeMethods.dingstream_client_read_status(
                        handle.Pointer, at, Utf8.Length(to), named, Utf8.Length(name), call);
                }
            });
        }

        /// <summary>Takes back what was sent, within 24 hours.</summary>
        /// <param name="target">Where it was sent to; of users, the kind is enough: <c>Target.Users()</c>.</param>
        /// <param name="keys">The <c>processQueryKeys</c>.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns><c>{"successResult":["…"],"failedResult":{"key":"reason"}}</c>.</returns>
        public unsafe Task<Json> RecallAsync(
            Target target, IEnumerable<string> keys, CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] to = Target.Bytes(target), list = List(keys, nameof(keys));
            return Begin("recall", cancellationToken, call =>
            {
                fixed (byte* at = to, listed = list)
                {
                    return NativeMethods.dingstream_client_recall(
                        handle.Pointer, at, Utf8.Length(to), listed, Utf8.Length(list), call);
                }
            });
        }

        /// <summary>Dings users: they are told at once, with a sound.</summary>
        /// <param name="users">User ids (staff ids).</param>
        /// <param name="text">What to say.</param>
        /// <param name="remind">How they are reached; a text message or a call costs money.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>DingTalk's own answer.</returns>
        public unsafe Task<Json> DingAsync(
            IEnumerable<string> users,
            string text,
            Remind remind = Remind.App,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] list = List(users, nameof(users)), content = Given(text, nameof(text));
            return Begin("ding", cancellationToken, call =>
            {
                fixed (byte* listed = list, said = content)
                {
                    return NativeMethods.dingstream_client_ding(
                        handle.Pointer, listed, Utf8.Length(list), (uint)remind, said, Utf8.Length(content), call);
                }
            });
        }

        /// <summary>
        /// Calls any other API of DingTalk, with the token where it belongs. An answer that says that it failed is an error,
        /// whatever its status.
        /// </summary>
        /// <param name="method">The HTTP method.</param>
        /// <param name="path">The path, which begins with one slash.</param>
        /// <param name="query">What stands behind the question mark.</param>
        /// <param name="body">What <see cref="Json.From"/> takes; <c>null</c> for no body.</param>
        /// <param name="host">Which host.</param>
        /// <param name="corp">For which organisation, where the application is an ISV's.</param>
        /// <param name="cancellationToken">Ends the waiting; what was already sent stays sent.</param>
        /// <returns>The answer's JSON.</returns>
        /// <exception cref="NotSupportedException">The body is of a type that is no JSON.</exception>
        public unsafe Task<Json> RequestAsync(
            string method,
            string path,
            IDictionary<string, string> query = null,
            object body = null,
            Host host = Host.Api,
            string corp = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] verb = Given(method, nameof(method)), place = Given(path, nameof(path)), on = Utf8.Bytes(corp ?? "");
            var asked = query == null ? new byte[0] : Utf8.Bytes(JsonWriter.Write(new Dictionary<string, string>(query)));
            var sent = body == null ? new byte[0] : Utf8.Bytes(JsonWriter.Write(body));
            return Begin("request", cancellationToken, call =>
            {
                fixed (byte* v = verb, p = place, q = asked, b = sent, c = on)
                {
                    return NativeMethods.dingstream_client_request(
                        handle.Pointer,
                        (uint)host,
                        v,
                        Utf8.Length(verb),
                        p,
                        Utf8.Length(place),
                        q,
                        Utf8.Length(asked),
                        b,
                        Utf8.Length(sent),
                        c,
                        Utf8.Length(on),
                        call);
                }
            });
        }

        /// <summary>
        /// Hands over the <c>suite_ticket</c> that an ISV's token needs; DingTalk sends it as an event every five hours.
        /// </summary>
        /// <param name="ticket">The ticket. It is never logged or shown.</param>
        public unsafe void SetSuiteTicket(Secret ticket)
        {
            var bytes = Given(ticket?.Expose(), nameof(ticket));
            using (handle.Borrow())
            {
                fixed (byte* at = bytes)
                {
                    DingStreamException.Check(
                        NativeMethods.dingstream_client_set_suite_ticket(handle.Pointer, at, Utf8.Length(bytes)));
                }
            }
        }

        private unsafe Task<Json> Begin(string name, CancellationToken cancellation, Calls.Beginning beginning)
        {
            return Calls.Begin(new Operation(this, name), handle, cancellation, beginning);
        }

        private static byte[] Given(string text, string name)
        {
            return Utf8.Bytes(text ?? throw new ArgumentNullException(name));
        }

        private static byte[] List(IEnumerable<string> texts, string name)
        {
            return Utf8.Bytes(JsonWriter.Write(texts ?? throw new ArgumentNullException(name)));
        }
    }
}
