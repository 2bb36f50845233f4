using System;
using System.Collections.Generic;
using System.Linq;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// A message to send; it never changes. Who is to be mentioned is said once and rendered where the type needs it.
    /// </summary>
    public sealed partial class Message
    {
        private readonly Dictionary<string, object> parts;

        private Message(Dictionary<string, object> parts)
        {
            this.parts = parts;
        }

        /// <summary>The same message, mentioning the members with these mobile numbers.</summary>
        /// <param name="mobiles">Mobile numbers.</param>
        /// <returns>A new message.</returns>
        public Message AtMobiles(params string[] mobiles)
        {
            return With("at_mobiles", mobiles);
        }

        /// <summary>The same message, mentioning the members with these user ids (staff ids).</summary>
        /// <param name="userIds">User ids.</param>
        /// <returns>A new message.</returns>
        public Message AtUserIds(params string[] userIds)
        {
            return With("at_user_ids", userIds);
        }

        /// <summary>The same message, mentioning everybody.</summary>
        /// <returns>A new message.</returns>
        public Message AtAll()
        {
            return new Message(new Dictionary<string, object>(parts) { ["at_all"] = true });
        }

        /// <summary>The type alone: the text is what a person reads, and belongs in no log.</summary>
        public override string ToString()
        {
            return "Message(" + parts["type"] + ")";
        }

        internal unsafe dingstream_message* ToNative()
        {
            var bytes = Utf8.Bytes(JsonWriter.Write(parts));
            dingstream_message* made;
            fixed (byte* at = bytes)
            {
                DingStreamException.Check(NativeMethods.dingstream_message_from_json(at, Utf8.Length(bytes), &made));
            }
            return made;
        }

        private static Message Of(string type, params object[] fields)
        {
            var parts = new Dictionary<string, object> { ["type"] = type };
            for (var index = 0; index < fields.Length; index += 2)
            {
                var name = (string)fields[index];
                parts[name] = fields[index + 1] ?? throw new ArgumentNullException(name);
            }
            return new Message(parts);
        }

        private Message With(string list, string[] added)
        {
            object before;
            var known = parts.TryGetValue(list, out before) ? (string[])before : new string[0];
            return new Message(new Dictionary<string, object>(parts) { [list] = known.Concat(added).ToArray() });
        }
    }
}
