using System;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    public partial class Delivery
    {
        /// <summary>
        /// Sends a message back to where this bot message came from, by its session while that lives and can carry the
        /// message, else by OpenAPI. It starts at once; an error that nobody looks at is logged.
        /// </summary>
        /// <param name="message">What to say.</param>
        /// <param name="cancellationToken">Ends the waiting; what was already sent stays sent.</param>
        /// <returns>
        /// What came of it: <c>{"via":"session"}</c>, or <c>{"via":"openapi","processQueryKeys":["…"]}</c>; with
        /// <c>"lost":["mentions"]</c> where the way shows none.
        /// </returns>
        public Task<Json> ReplyAsync(Message message, CancellationToken cancellationToken = default(CancellationToken))
        {
            return ReplyAsync(message, Via.Auto, cancellationToken);
        }

        /// <summary>The same by a way of your choice.</summary>
        /// <param name="message">What to say.</param>
        /// <param name="via">The only way that it takes, or <see cref="Via.Auto"/>.</param>
        /// <param name="cancellationToken">Ends the waiting; what was already sent stays sent.</param>
        /// <returns>What came of it.</returns>
        public unsafe Task<Json> ReplyAsync(
            Message message, Via via, CancellationToken cancellationToken = default(CancellationToken))
        {
            if (message == null)
            {
                throw new ArgumentNullException(nameof(message));
            }
            return Calls.Begin(new Operation(Client, "reply"), handle, cancellationToken, call =>
                NativeMethods.dingstream_delivery_reply_via(handle.Pointer, (uint)via, message.ToNative(), call));
        }

        /// <summary>
        /// Opens a card where this bot message came from, which types what is pushed into it. It is open at once: what DingTalk
        /// says comes with its end, and where cards are refused the text goes out as a reply.
        /// </summary>
        /// <param name="text">What the card shows until there is text; <c>null</c> for what the options say.</param>
        /// <param name="options">What differs from the defaults.</param>
        /// <returns>The session, to be ended or disposed of. It outlives the delivery.</returns>
        /// <exception cref="DingStreamConfigException">The options can't work.</exception>
        /// <exception cref="DingStreamArgumentException">The delivery is no bot message.</exception>
        /// <exception cref="NotSupportedException">A value among the options is of a type that is no JSON.</exception>
        public unsafe CardSession Card(string text = null, CardOptions options = null)
        {
            var chosen = CardOptions.Bytes(text, options);
            dingstream_card_session* opened;
            using (Borrow())
            {
                fixed (byte* at = chosen)
                {
                    DingStreamException.Check(
                        NativeMethods.dingstream_delivery_card(handle.Pointer, at, Utf8.Length(chosen), &opened));
                }
            }
            return new CardSession(opened, Client.Log);
        }
    }
}
