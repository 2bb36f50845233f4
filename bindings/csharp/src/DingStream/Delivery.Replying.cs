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
    }
}
