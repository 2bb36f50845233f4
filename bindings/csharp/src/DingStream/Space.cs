using System;

namespace DingStream
{
    /// <summary>Where a card appears; it never changes.</summary>
    public sealed class Space
    {
        private readonly Parts parts;

        private Space(Parts parts)
        {
            this.parts = parts;
        }

        /// <summary>A group.</summary>
        /// <param name="conversationId">Its <c>openConversationId</c>.</param>
        /// <returns>A space.</returns>
        public static Space Group(string conversationId)
        {
            return Other("IM_GROUP", conversationId);
        }

        /// <summary>The conversation of one user with the robot.</summary>
        /// <param name="userId">The user id (staff id).</param>
        /// <returns>A space.</returns>
        public static Space Robot(string userId)
        {
            return Other("IM_ROBOT", userId);
        }

        /// <summary>The private conversation of two people that a cool app's robot takes part in.</summary>
        /// <param name="conversationId">Its <c>openConversationId</c>.</param>
        /// <returns>A space.</returns>
        public static Space Single(string conversationId)
        {
            return Other("IM_SINGLE", conversationId);
        }

        /// <summary>The top of a group.</summary>
        /// <param name="conversationId">Its <c>openConversationId</c>.</param>
        /// <param name="until">When the card goes from there.</param>
        /// <returns>A space.</returns>
        public static Space Top(string conversationId, DateTimeOffset until)
        {
            return Other("ONE_BOX", conversationId).With("until", until.ToUnixTimeMilliseconds());
        }

        /// <summary>Any other kind of space; what it needs beside the address goes into the card's own fields.</summary>
        /// <param name="type">Its type, as DingTalk spells it.</param>
        /// <param name="id">What it is the id of depends on the type.</param>
        /// <returns>A space.</returns>
        public static Space Other(string type, string id)
        {
            return new Space(Parts.None
                .With("type", type ?? throw new ArgumentNullException(nameof(type)))
                .With("id", id ?? throw new ArgumentNullException(nameof(id))));
        }

        /// <summary>The same space, mentioning a user there; <c>@ALL</c> for both mentions everybody.</summary>
        /// <param name="userId">The user id.</param>
        /// <param name="name">The name that is shown.</param>
        /// <returns>A new space.</returns>
        public Space At(string userId, string name)
        {
            return With("at", parts.Inner("at").With(userId, name));
        }

        /// <summary>The same space, where only these users see the card.</summary>
        /// <param name="userIds">User ids.</param>
        /// <returns>A new space.</returns>
        public Space Recipients(params string[] userIds)
        {
            return With("recipients", userIds ?? throw new ArgumentNullException(nameof(userIds)));
        }

        /// <summary>The same space with any other field of the delivery there.</summary>
        /// <param name="field">The field, as DingTalk spells it.</param>
        /// <param name="value">What <see cref="Json.From"/> takes.</param>
        /// <returns>A new space.</returns>
        public Space With(string field, object value)
        {
            return new Space(parts.With(field, value));
        }

        /// <summary>The type alone: the rest belongs in no log.</summary>
        public override string ToString()
        {
            return "Space(" + parts.Text("type") + ")";
        }

        internal static byte[] Bytes(Space space)
        {
            return In(space).Bytes();
        }

        internal static Parts In(Space space)
        {
            return (space ?? throw new ArgumentNullException(nameof(space))).parts;
        }
    }
}
