using System;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// A JSON document, read by pointer (RFC 6901: <c>/text/content</c>). A pointer also goes through a text that holds JSON
    /// itself. Readers never fail: what is absent or of another type is <c>null</c>; a number reads as text and a numeric
    /// text as a number.
    /// </summary>
    public sealed class Json
    {
        private static readonly byte[][] Whole = Utf8.All("");

        /// <summary>Keeps the document readable: the document itself, or the delivery that lends it.</summary>
        private readonly Handle owner;
        private readonly IntPtr document;

        /// <summary>A document from JSON text.</summary>
        /// <param name="text">Any JSON value.</param>
        /// <exception cref="DingStreamArgumentException">The text is not JSON.</exception>
        public unsafe Json(string text)
        {
            if (text == null)
            {
                throw new ArgumentNullException(nameof(text));
            }
            Library.Check();
            var bytes = Utf8.Bytes(text);
            dingstream_json* made;
            fixed (byte* at = bytes)
            {
                DingStreamException.Check(NativeMethods.dingstream_json_parse(at, Utf8.Length(bytes), &made));
            }
            owner = new JsonHandle(made);
            document = (IntPtr)made;
        }

        internal unsafe Json(dingstream_json* taken)
        {
            owner = new JsonHandle(taken);
            document = (IntPtr)taken;
        }

        internal unsafe Json(dingstream_json* lent, DeliveryHandle owner)
        {
            this.owner = owner;
            document = (IntPtr)lent;
        }

        /// <summary>
        /// A document from a value: a text, number, boolean, <c>null</c>, dictionary with text keys, sequence of these, or
        /// <see cref="Json"/>.
        /// </summary>
        /// <param name="value">The value.</param>
        /// <returns>The document.</returns>
        /// <exception cref="NotSupportedException">The value, or one in it, is of another type.</exception>
        public static Json From(object value)
        {
            return value as Json ?? new Json(JsonWriter.Write(value));
        }

        /// <summary>The text at a pointer, or a number as its text.</summary>
        /// <param name="pointer">A JSON pointer.</param>
        /// <returns>The text, or <c>null</c>.</returns>
        public unsafe string Text(string pointer)
        {
            using (owner.Borrow())
            {
                return JsonReader.Text(Document, Utf8.All(pointer));
            }
        }

        /// <summary>The whole number at a pointer, also where it stands in quotes.</summary>
        /// <param name="pointer">A JSON pointer.</param>
        /// <returns>The number, or <c>null</c>.</returns>
        public unsafe long? Int(string pointer)
        {
            using (owner.Borrow())
            {
                return JsonReader.Int(Document, Utf8.All(pointer));
            }
        }

        /// <summary>The boolean at a pointer, also where it stands in quotes.</summary>
        /// <param name="pointer">A JSON pointer.</param>
        /// <returns>The boolean, or <c>null</c>.</returns>
        public unsafe bool? Bool(string pointer)
        {
            using (owner.Borrow())
            {
                return JsonReader.Bool(Document, Utf8.All(pointer));
            }
        }

        /// <summary>How many entries the array or object at a pointer has; 0 for everything else.</summary>
        /// <param name="pointer">A JSON pointer; the empty one is the whole document.</param>
        /// <returns>The count.</returns>
        public unsafe int Count(string pointer)
        {
            using (owner.Borrow())
            {
                return JsonReader.Count(Document, Utf8.Bytes(pointer));
            }
        }

        /// <summary>The JSON text of whatever is at a pointer.</summary>
        /// <param name="pointer">A JSON pointer.</param>
        /// <returns>JSON text, or <c>null</c> where there is nothing.</returns>
        public unsafe string Raw(string pointer)
        {
            using (owner.Borrow())
            {
                return JsonReader.Raw(Document, Utf8.All(pointer));
            }
        }

        /// <summary>The whole document as JSON text, for those who have a JSON library.</summary>
        public override unsafe string ToString()
        {
            using (owner.Borrow())
            {
                return JsonReader.Raw(Document, Whole) ?? "";
            }
        }

        internal Handle.Lease Borrow()
        {
            return owner.Borrow();
        }

        internal unsafe dingstream_json* Document
        {
            get { return (dingstream_json*)document; }
        }
    }
}
