using System;
using System.Collections.Generic;
using System.Linq;
using DingStream.Native;

namespace DingStream
{
    /// <summary>The fields of a value that never changes, on their way to JSON.</summary>
    internal sealed class Parts
    {
        internal static readonly Parts None = new Parts(new Dictionary<string, object>());

        private readonly Dictionary<string, object> fields;

        private Parts(Dictionary<string, object> fields)
        {
            this.fields = fields;
        }

        internal static Parts Of(IDictionary<string, object> fields)
        {
            return fields == null ? None : new Parts(new Dictionary<string, object>(fields));
        }

        /// <summary>The same with a field more, or another value of it.</summary>
        internal Parts With(string name, object value)
        {
            return new Parts(new Dictionary<string, object>(fields)
            {
                [name ?? throw new ArgumentNullException(nameof(name))] = (value as Parts)?.fields ?? value,
            });
        }

        /// <summary>The same where there is no value.</summary>
        internal Parts WithAny(string name, object value)
        {
            return value == null ? this : With(name, value);
        }

        /// <summary>The same with one more in a list.</summary>
        internal Parts WithOneMore(string name, Parts one)
        {
            object known;
            var before = fields.TryGetValue(name, out known) ? (object[])known : new object[0];
            return With(name, before.Concat(new object[] { one.fields }).ToArray());
        }

        /// <summary>The fields of a field, none where there is none.</summary>
        internal Parts Inner(string name)
        {
            object inner;
            fields.TryGetValue(name, out inner);
            return Of(inner as Dictionary<string, object>);
        }

        internal object ToObject()
        {
            return fields;
        }

        internal string Text(string name)
        {
            return fields[name] as string;
        }

        /// <summary>As JSON; nothing at all where there are no fields.</summary>
        /// <exception cref="NotSupportedException">A value is of a type that is no JSON.</exception>
        internal byte[] Bytes()
        {
            return fields.Count == 0 ? new byte[0] : Utf8.Bytes(JsonWriter.Write(fields));
        }
    }
}
