using System;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// What types into an AI card: <see cref="Delivery.Card"/> or <see cref="Client.Card"/> opens it. It takes text as fast as a
    /// model produces it; the card follows at a pace that keeps DingTalk's limits. End it with <see cref="FinishAsync"/> or
    /// <see cref="FailAsync"/>: disposed of before that, it ends as failed, with its fallback text. Every member may be used from
    /// any thread.
    /// </summary>
    public sealed class CardSession : IDisposable
    {
        private readonly CardSessionHandle handle;
        private readonly Log log;

        internal unsafe CardSession(dingstream_card_session* opened, Log log)
        {
            handle = new CardSessionHandle(opened);
            this.log = log;
        }

        private unsafe delegate dingstream_error* Change(
            dingstream_card_session* session, byte* name, UIntPtr nameLength, byte* value, UIntPtr valueLength);

        /// <summary>
        /// Adds text behind what was said before; the first replaces the text that the session was opened with. It waits for
        /// nothing.
        /// </summary>
        /// <param name="text">The text, in markdown.</param>
        /// <exception cref="DingStreamAnsweredException">The session has ended.</exception>
        /// <exception cref="DingStreamTooLargeException">It would hold more than 4 MiB.</exception>
        public unsafe void Push(string text)
        {
            var said = Given(text, nameof(text));
            using (handle.Borrow())
            {
                fixed (byte* at = said)
                {
                    DingStreamException.Check(
                        NativeMethods.dingstream_card_session_push(handle.Pointer, at, Utf8.Length(said)));
                }
            }
        }

        /// <summary>Replaces what was said before.</summary>
        /// <param name="text">The text, in markdown.</param>
        /// <exception cref="DingStreamAnsweredException">The session has ended.</exception>
        /// <exception cref="DingStreamTooLargeException">It has more than 4 MiB.</exception>
        public unsafe void Set(string text)
        {
            var said = Given(text, nameof(text));
            using (handle.Borrow())
            {
                fixed (byte* at = said)
                {
                    DingStreamException.Check(
                        NativeMethods.dingstream_card_session_set(handle.Pointer, at, Utf8.Length(said)));
                }
            }
        }

        /// <summary>A button that the card ends with; of the public template alone. It has a link or an id.</summary>
        /// <param name="text">What it says.</param>
        /// <param name="url">What it opens.</param>
        /// <param name="id">The action that its click comes with, to the handler of cards.</param>
        /// <exception cref="ArgumentException">It has neither a link nor an id, or both.</exception>
        /// <exception cref="DingStreamAnsweredException">The session has ended.</exception>
        public unsafe void Button(string text, string url = null, string id = null)
        {
            if ((url == null) == (id == null))
            {
                throw new ArgumentException("a button of a card has a url or an id");
            }
            Apply(
                url != null ? (Change)NativeMethods.dingstream_card_session_add_link
                    : NativeMethods.dingstream_card_session_add_action,
                Given(text, nameof(text)),
                Utf8.Bytes(url ?? id));
        }

        /// <summary>A value that the card ends with, of another variable of its template.</summary>
        /// <param name="name">The variable.</param>
        /// <param name="value">What <see cref="Json.From"/> takes.</param>
        /// <exception cref="DingStreamAnsweredException">The session has ended.</exception>
        /// <exception cref="NotSupportedException">The value is of a type that is no JSON.</exception>
        public unsafe void Value(string name, object value)
        {
            Apply(
                NativeMethods.dingstream_card_session_set_value,
                Given(name, nameof(name)),
                Utf8.Bytes(JsonWriter.Write(value)));
        }

        /// <summary>
        /// Ends the session with the text that was said. The task is done once the card shows it all; an error that nobody looks
        /// at is logged.
        /// </summary>
        /// <param name="cancellationToken">Ends the waiting; the session has ended all the same.</param>
        /// <returns>
        /// <c>{"via":"card","state":"finished","outTrackId":"…","outTrackIds":["…"],"calls":N}</c>; where it took several cards,
        /// <c>outTrackIds</c> names them all. Where cards are refused, the text went out as a message: <c>via</c> is
        /// <c>session</c> or <c>openapi</c> then, and <c>degraded</c> is the error that says why. The task fails with
        /// <see cref="DingStreamAnsweredException"/> where the session has ended before.
        /// </returns>
        public unsafe Task<Json> FinishAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Begin(new Operation(log, "card_finish"), handle, cancellationToken, call =>
                NativeMethods.dingstream_card_session_finish(handle.Pointer, call));
        }

        /// <summary>Ends the session as failed.</summary>
        /// <param name="text">What the card shows in place of what was said; empty for the fallback.</param>
        /// <param name="cancellationToken">Ends the waiting; the session has ended all the same.</param>
        /// <returns>As for <see cref="FinishAsync"/>, with the state <c>failed</c>.</returns>
        public unsafe Task<Json> FailAsync(
            string text = "", CancellationToken cancellationToken = default(CancellationToken))
        {
            var said = Given(text, nameof(text));
            return Calls.Begin(new Operation(log, "card_fail"), handle, cancellationToken, call =>
            {
                fixed (byte* at = said)
                {
                    return NativeMethods.dingstream_card_session_fail(handle.Pointer, at, Utf8.Length(said), call);
                }
            });
        }

        /// <summary>Lets the session go: one that has not ended ends as failed, with its fallback text.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        private unsafe void Apply(Change change, byte[] name, byte[] value)
        {
            using (handle.Borrow())
            {
                fixed (byte* n = name, v = value)
                {
                    DingStreamException.Check(
                        change(handle.Pointer, n, Utf8.Length(name), v, Utf8.Length(value)));
                }
            }
        }

        private static byte[] Given(string text, string name)
        {
            return Utf8.Bytes(text ?? throw new ArgumentNullException(name));
        }
    }
}
