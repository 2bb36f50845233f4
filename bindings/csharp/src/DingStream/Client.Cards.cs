using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>Cards, which need no connection either; their clicks do.</summary>
    public sealed partial class Client
    {
        private unsafe delegate dingstream_error* CardCall(
            dingstream_client* client, dingstream_card* card, dingstream_call** call);

        /// <summary>
        /// Opens a card in a space, which types what is pushed into it. It is open at once: what DingTalk says comes with its end,
        /// and where cards are refused the text goes out as a message.
        /// </summary>
        /// <param name="space">Where.</param>
        /// <param name="text">What the card shows until there is text; <c>null</c> for what the options say.</param>
        /// <param name="options">What differs from the defaults.</param>
        /// <returns>The session, to be ended or disposed of.</returns>
        /// <exception cref="DingStreamConfigException">The options can't work.</exception>
        /// <exception cref="NotSupportedException">A value among the options is of a type that is no JSON.</exception>
        public unsafe CardSession Card(Space space, string text = null, CardOptions options = null)
        {
            byte[] place = Space.Bytes(space), chosen = CardOptions.Bytes(text, options);
            dingstream_card_session* opened;
            using (handle.Borrow())
            {
                fixed (byte* p = place, c = chosen)
                {
                    DingStreamException.Check(NativeMethods.dingstream_client_card(
                        handle.Pointer, p, Utf8.Length(place), c, Utf8.Length(chosen), &opened));
                }
            }
            return new CardSession(opened, Log);
        }

        /// <summary>
        /// Creates a card and delivers it to its spaces. It starts at once; an error that nobody looks at is logged.
        /// </summary>
        /// <param name="card">The card.</param>
        /// <param name="cancellationToken">Ends the waiting; what was already sent stays sent.</param>
        /// <returns>
        /// <c>{"outTrackId":"…","deliverResults":[{"spaceType","spaceId","success","carrierId","errorMsg"}]}</c>, where
        /// <c>carrierId</c> is the <c>processQueryKey</c> to recall it by. The task fails only where no space got it.
        /// </returns>
        /// <exception cref="DingStreamArgumentException">The card has a field that its template has not.</exception>
        /// <exception cref="NotSupportedException">A value is of a type that is no JSON.</exception>
        public unsafe Task<Json> CardSendAsync(
            Card card, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Begin("card_send", card, NativeMethods.dingstream_client_card_send, cancellationToken);
        }

        /// <summary>Creates a card that appears nowhere yet, owning its spaces.</summary>
        /// <param name="card">The card.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns><c>{"outTrackId":"…"}</c>.</returns>
        public unsafe Task<Json> CardCreateAsync(
            Card card, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Begin("card_create", card, NativeMethods.dingstream_client_card_create, cancellationToken);
        }

        /// <summary>Delivers a card that exists to spaces that it owns.</summary>
        /// <param name="card">The card, by its <see cref="DingStream.Card.TrackId"/>, with these spaces.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>As for <see cref="CardSendAsync"/>.</returns>
        public unsafe Task<Json> CardDeliverAsync(
            Card card, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Begin("card_deliver", card, NativeMethods.dingstream_client_card_deliver, cancellationToken);
        }

        /// <summary>Gives a card that exists further spaces to be delivered to.</summary>
        /// <param name="card">The card, by its <see cref="DingStream.Card.TrackId"/>, with these spaces.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>DingTalk's own answer.</returns>
        public unsafe Task<Json> CardAddSpacesAsync(
            Card card, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Begin("card_add_spaces", card, NativeMethods.dingstream_client_card_add_spaces, cancellationToken);
        }

        /// <summary>Changes what a card shows, to everybody or to single users.</summary>
        /// <param name="trackId">The card's <c>outTrackId</c>.</param>
        /// <param name="data">New values of variables, of any type that <see cref="Json.From"/> takes.</param>
        /// <param name="privateData">A dictionary of new values for each user id.</param>
        /// <param name="whole">Empties what is not named, which else stays.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>DingTalk's own answer.</returns>
        /// <exception cref="NotSupportedException">A value is of a type that is no JSON.</exception>
        public unsafe Task<Json> CardUpdateAsync(
            string trackId,
            IDictionary<string, object> data = null,
            IDictionary<string, object> privateData = null,
            bool whole = false,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var change = Parts.None
                .With("track_id", trackId ?? throw new ArgumentNullException(nameof(trackId)))
                .With("data", Parts.Of(data))
                .With("private_data", Parts.Of(privateData))
                .With("whole", whole)
                .Bytes();
            return Begin("card_update", cancellationToken, call =>
            {
                fixed (byte* at = change)
                {
                    return NativeMethods.dingstream_client_card_update(
                        handle.Pointer, at, Utf8.Length(change), call);
                }
            });
        }

        /// <summary>Takes a card from the top of a group.</summary>
        /// <param name="trackId">The card's <c>outTrackId</c>.</param>
        /// <param name="conversationId">The group's <c>openConversationId</c>.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>DingTalk's own answer.</returns>
        public unsafe Task<Json> CardCloseTopAsync(
            string trackId, string conversationId, CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] id = Given(trackId, nameof(trackId)), place = Given(conversationId, nameof(conversationId));
            return Begin("card_close_top", cancellationToken, call =>
            {
                fixed (byte* i = id, p = place)
                {
                    return NativeMethods.dingstream_client_card_close_top(
                        handle.Pointer, i, Utf8.Length(id), p, Utf8.Length(place), call);
                }
            });
        }

        /// <summary>
        /// Registers the HTTP address that the actions of cards with this callback route go to; cards over Stream need none.
        /// </summary>
        /// <param name="route">What cards name it by: <see cref="DingStream.Card.CallbackRoute"/>.</param>
        /// <param name="url">The address.</param>
        /// <param name="secret">Signs what DingTalk sends there; <c>null</c> lets DingTalk choose one.</param>
        /// <param name="force">Replaces what was registered.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>DingTalk's own answer without the secret.</returns>
        public unsafe Task<Json> CardRegisterCallbackAsync(
            string route,
            string url,
            Secret secret = null,
            bool force = false,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] name = Given(route, nameof(route)), place = Given(url, nameof(url));
            var key = Utf8.Bytes(secret?.Expose() ?? "");
            return Begin("card_register_callback", cancellationToken, call =>
            {
                fixed (byte* n = name, p = place, k = key)
                {
                    return NativeMethods.dingstream_client_card_register_callback(
                        handle.Pointer, n, Utf8.Length(name), p, Utf8.Length(place), k, Utf8.Length(key), force, call);
                }
            });
        }

        /// <summary>
        /// Sends an ordinary card (<c>StandardCard</c>), which DingTalk keeps for applications that have it already. Its clicks do
        /// not come over Stream.
        /// </summary>
        /// <param name="target">One group or one user.</param>
        /// <param name="bizId">An id of yours that it is updated by.</param>
        /// <param name="card">The card's JSON: what <see cref="Json.From"/> takes.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns><c>{"cardBizId":"…","processQueryKey":"…"}</c>.</returns>
        /// <exception cref="NotSupportedException">The card is of a type that is no JSON.</exception>
        public unsafe Task<Json> StandardCardSendAsync(
            Target target, string bizId, object card, CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] to = Target.Bytes(target), id = Given(bizId, nameof(bizId)), shown = Utf8.Bytes(JsonWriter.Write(card));
            return Begin("standard_card_send", cancellationToken, call =>
            {
                fixed (byte* t = to, i = id, s = shown)
                {
                    return NativeMethods.dingstream_client_standard_card_send(
                        handle.Pointer, t, Utf8.Length(to), i, Utf8.Length(id), s, Utf8.Length(shown), call);
                }
            });
        }

        /// <summary>Replaces what an ordinary card shows.</summary>
        /// <param name="bizId">The id that it was sent with.</param>
        /// <param name="card">The card's JSON: what <see cref="Json.From"/> takes.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns>DingTalk's own answer.</returns>
        /// <exception cref="NotSupportedException">The card is of a type that is no JSON.</exception>
        public unsafe Task<Json> StandardCardUpdateAsync(
            string bizId, object card, CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] id = Given(bizId, nameof(bizId)), shown = Utf8.Bytes(JsonWriter.Write(card));
            return Begin("standard_card_update", cancellationToken, call =>
            {
                fixed (byte* i = id, s = shown)
                {
                    return NativeMethods.dingstream_client_standard_card_update(
                        handle.Pointer, i, Utf8.Length(id), s, Utf8.Length(shown), call);
                }
            });
        }

        private unsafe Task<Json> Begin(string name, Card card, CardCall beginning, CancellationToken cancellation)
        {
            if (card == null)
            {
                throw new ArgumentNullException(nameof(card));
            }
            return Begin(name, cancellation, call => beginning(handle.Pointer, card.ToNative(), call));
        }
    }
}
