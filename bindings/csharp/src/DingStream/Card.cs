using System;
using System.Collections.Generic;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// A card to create: a template, values for its variables, and the spaces where it appears. It never changes; the values are
    /// read when it is sent.
    /// </summary>
    public sealed partial class Card
    {
        private readonly Parts parts;

        /// <summary>A card with an <c>outTrackId</c> of its own.</summary>
        /// <param name="template">The id of a template from the card platform.</param>
        /// <param name="data">Values of its variables, of any type that <see cref="Json.From"/> takes.</param>
        public Card(string template, IDictionary<string, object> data = null)
            : this(Parts.None
                .With("template", template ?? throw new ArgumentNullException(nameof(template)))
                .With("data", Parts.Of(data)))
        {
        }

        private Card(Parts parts)
        {
            this.parts = parts;
        }

        /// <summary>The same card with the id that it is updated by and that its actions name.</summary>
        /// <param name="id">At most 100 characters; no other card may have had it.</param>
        /// <returns>A new card.</returns>
        public Card TrackId(string id)
        {
            return With("track_id", id ?? throw new ArgumentNullException(nameof(id)));
        }

        /// <summary>The same card with the value of a variable.</summary>
        /// <param name="name">The variable.</param>
        /// <param name="value">What <see cref="Json.From"/> takes: DingTalk gets it as the text that it wants.</param>
        /// <returns>A new card.</returns>
        public Card Value(string name, object value)
        {
            return With("data", parts.Inner("data").With(name, value));
        }

        /// <summary>The same card with the value of a variable as one user sees it.</summary>
        /// <param name="userId">The user id (staff id).</param>
        /// <param name="name">The variable.</param>
        /// <param name="value">What <see cref="Json.From"/> takes.</param>
        /// <returns>A new card.</returns>
        public Card PrivateValue(string userId, string name, object value)
        {
            NotNull(userId, nameof(userId));
            var users = parts.Inner("private_data");
            return With("private_data", users.With(userId, users.Inner(userId).With(name, value)));
        }

        /// <summary>The same card with one more space where it appears.</summary>
        /// <param name="space">The space.</param>
        /// <returns>A new card.</returns>
        public Card Space(Space space)
        {
            return new Card(parts.WithOneMore("spaces", DingStream.Space.In(space)));
        }

        /// <summary>The same card with what the conversation list shows.</summary>
        /// <param name="text">The text.</param>
        /// <returns>A new card.</returns>
        public Card LastMessage(string text)
        {
            return With("last_message", NotNull(text, nameof(text)));
        }

        /// <summary>The same by language.</summary>
        /// <param name="texts">A text for each language, such as <c>ZH_CN</c> and <c>EN_US</c>.</param>
        /// <returns>A new card.</returns>
        public Card LastMessage(IDictionary<string, string> texts)
        {
            return With("last_message", new Dictionary<string, string>(NotNull(texts, nameof(texts))));
        }

        /// <summary>The same card with what a notification says.</summary>
        /// <param name="text">The text.</param>
        /// <returns>A new card.</returns>
        public Card Notification(string text)
        {
            return With("notification", NotNull(text, nameof(text)));
        }

        /// <summary>The same card with no notification.</summary>
        /// <returns>A new card.</returns>
        public Card Silent()
        {
            return With("notification", false);
        }

        /// <summary>The same card with how it is found.</summary>
        /// <param name="icon">A media id.</param>
        /// <param name="kind">The name of its kind.</param>
        /// <param name="description">At most 200 characters.</param>
        /// <returns>A new card.</returns>
        public Card Search(string icon, string kind, string description)
        {
            return With("search", Parts.None.With("icon", icon).With("kind", kind).With("description", description));
        }

        /// <summary>The same card, which people may forward or not; they may unless it is said.</summary>
        /// <param name="may">Whether they may.</param>
        /// <returns>A new card.</returns>
        public Card Forwardable(bool may)
        {
            return With("forwardable", may);
        }

        /// <summary>The same card, whose actions go to an HTTP address and not over Stream.</summary>
        /// <param name="route">What <see cref="Client.CardRegisterCallbackAsync"/> registered the address under.</param>
        /// <returns>A new card.</returns>
        public Card CallbackRoute(string route)
        {
            return With("callback_route", NotNull(route, nameof(route)));
        }

        /// <summary>The same card with any other field.</summary>
        /// <param name="field">The field, as DingTalk spells it, such as <c>openDynamicDataConfig</c>.</param>
        /// <param name="value">What <see cref="Json.From"/> takes.</param>
        /// <returns>A new card.</returns>
        public Card With(string field, object value)
        {
            return new Card(parts.With(field, value));
        }

        /// <summary>The template alone: the values are what people read, and belong in no log.</summary>
        public override string ToString()
        {
            return "Card(" + parts.Text("template") + ")";
        }

        /// <exception cref="DingStreamArgumentException">There is no such field of the template.</exception>
        internal unsafe dingstream_card* ToNative()
        {
            var bytes = parts.Bytes();
            dingstream_card* made;
            fixed (byte* at = bytes)
            {
                DingStreamException.Check(NativeMethods.dingstream_card_from_json(at, Utf8.Length(bytes), &made));
            }
            return made;
        }

        private static T NotNull<T>(T value, string name)
            where T : class
        {
            return value ?? throw new ArgumentNullException(name);
        }
    }
}
