using System;
using System.Collections.Generic;
using DingStream.Native;

namespace DingStream
{
    /// <summary>Whom a message goes to that answers none; it never changes.</summary>
    public sealed class Target
    {
        private readonly string kind;
        private readonly byte[] json;

        private Target(string kind, Dictionary<string, object> parts)
        {
            this.kind = kind;
            json = Utf8.Bytes(JsonWriter.Write(parts));
        }

        /// <summary>People, each in the conversation with the bot.</summary>
        /// <param name="userIds">Their user ids (staff ids), as many as you like.</param>
        /// <returns>A target.</returns>
        public static Target Users(params string[] userIds)
        {
            return new Target("users", new Dictionary<string, object> { ["users"] = Given(userIds, nameof(userIds)) });
        }

        /// <summary>A group that the bot is in.</summary>
        /// <param name="conversationId">Its <c>openConversationId</c>.</param>
        /// <returns>A target.</returns>
        public static Target Group(string conversationId)
        {
            return new Target(
                "group", new Dictionary<string, object> { ["group"] = Given(conversationId, nameof(conversationId)) });
        }

        /// <summary>The private conversation of two people, where the application has a cool app in it.</summary>
        /// <param name="conversationId">Its <c>openConversationId</c>.</param>
        /// <param name="coolApp">The code of the cool app.</param>
        /// <returns>A target.</returns>
        public static Target Private(string conversationId, string coolApp)
        {
            return new Target("private", new Dictionary<string, object>
            {
                ["conversation"] = Given(conversationId, nameof(conversationId)),
                ["cool_app"] = Given(coolApp, nameof(coolApp)),
            });
        }

        /// <summary>What kind of target it is.</summary>
        public override string ToString()
        {
            return "Target(" + kind + ")";
        }

        internal static byte[] Bytes(Target target)
        {
            return Given(target, nameof(target)).json;
        }

        private static T Given<T>(T value, string name)
            where T : class
        {
            return value ?? throw new ArgumentNullException(name);
        }
    }
}
