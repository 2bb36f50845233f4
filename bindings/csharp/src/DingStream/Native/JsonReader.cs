using System;

namespace DingStream.Native
{
    /// <summary>Reads a document by JSON pointers: the first that finds something counts.</summary>
    internal static unsafe class JsonReader
    {
        private static readonly char[] Around = { ' ', '\t', '\r', '\n' };

        internal static string Text(dingstream_json* json, byte[][] pointers)
        {
            foreach (var pointer in pointers)
            {
                fixed (byte* at = pointer)
                {
                    UIntPtr length;
                    var text = NativeMethods.dingstream_json_text(json, at, Utf8.Length(pointer), &length);
                    if (text != null)
                    {
                        return Utf8.Text(text, length);
                    }
                }
            }
            return null;
        }

        /// <summary>Trims ASCII alone, so that every language trims the same.</summary>
        internal static string Trimmed(dingstream_json* json, byte[][] pointers)
        {
            var text = Text(json, pointers);
            return text == null ? null : text.Trim(Around);
        }

        internal static string Raw(dingstream_json* json, byte[][] pointers)
        {
            foreach (var pointer in pointers)
            {
                fixed (byte* at = pointer)
                {
                    UIntPtr length;
                    var text = NativeMethods.dingstream_json_raw(json, at, Utf8.Length(pointer), &length);
                    if (text != null)
                    {
                        return Utf8.Text(text, length);
                    }
                }
            }
            return null;
        }

        internal static long? Int(dingstream_json* json, byte[][] pointers)
        {
            foreach (var pointer in pointers)
            {
                fixed (byte* at = pointer)
                {
                    var length = Utf8.Length(pointer);
                    var value = NativeMethods.dingstream_json_int(json, at, length, 0);
                    // The fallback alone would be taken for a value.
                    if (value != 0 || NativeMethods.dingstream_json_int(json, at, length, 1) == 0)
                    {
                        return value;
                    }
                }
            }
            return null;
        }

        internal static bool? Bool(dingstream_json* json, byte[][] pointers)
        {
            foreach (var pointer in pointers)
            {
                fixed (byte* at = pointer)
                {
                    var length = Utf8.Length(pointer);
                    var value = NativeMethods.dingstream_json_bool(json, at, length, false);
                    if (value || !NativeMethods.dingstream_json_bool(json, at, length, true))
                    {
                        return value;
                    }
                }
            }
            return null;
        }

        internal static Json Json(dingstream_json* json, byte[][] pointers)
        {
            var raw = Raw(json, pointers);
            return raw == null || raw == "null" ? null : new Json(raw);
        }

        /// <summary>Always an array: what is none is the one entry of it.</summary>
        internal static Json List(dingstream_json* json, byte[][] pointers)
        {
            foreach (var pointer in pointers)
            {
                var raw = Raw(json, new[] { pointer });
                if (raw != null && raw != "null")
                {
                    return new Json(raw[0] == '[' ? raw : "[" + raw + "]");
                }
            }
            return null;
        }

        internal static int Count(dingstream_json* json, byte[] pointer)
        {
            fixed (byte* at = pointer)
            {
                return (int)NativeMethods.dingstream_json_len(json, at, Utf8.Length(pointer));
            }
        }
    }
}
