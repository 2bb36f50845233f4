using System;
using System.Collections;
using System.Globalization;
using System.Text;

namespace DingStream
{
    /// <summary>
    /// Plain values as JSON text, without reflection: texts, numbers, booleans, null, dictionaries with text keys, sequences
    /// and <see cref="Json"/>.
    /// </summary>
    internal static class JsonWriter
    {
        private const int MaxDepth = 64;

        internal static string Write(object value)
        {
            var json = value as Json;
            if (json != null)
            {
                return json.ToString();
            }
            var text = new StringBuilder();
            Write(text, value, 0);
            return text.ToString();
        }

        private static void Write(StringBuilder to, object value, int depth)
        {
            if (depth > MaxDepth)
            {
                throw new NotSupportedException("a value is nested too deeply to be JSON, or holds itself");
            }
            if (value == null)
            {
                to.Append("null");
            }
            else if (value is string || value is char)
            {
                WriteText(to, value.ToString());
            }
            else if (value is bool)
            {
                to.Append((bool)value ? "true" : "false");
            }
            else if (value is Json)
            {
                to.Append(value);
            }
            else if (value is IDictionary)
            {
                WriteObject(to, (IDictionary)value, depth);
            }
            else if (value is IEnumerable)
            {
                WriteArray(to, (IEnumerable)value, depth);
            }
            else
            {
                WriteNumber(to, value);
            }
        }

        private static void WriteObject(StringBuilder to, IDictionary entries, int depth)
        {
            var separator = "{";
            foreach (DictionaryEntry entry in entries)
            {
                var key = entry.Key as string;
                if (key == null)
                {
                    throw NoJson(entries);
                }
                to.Append(separator);
                WriteText(to, key);
                to.Append(':');
                Write(to, entry.Value, depth + 1);
                separator = ",";
            }
            to.Append(separator == "{" ? "{}" : "}");
        }

        private static void WriteArray(StringBuilder to, IEnumerable values, int depth)
        {
            var separator = "[";
            foreach (var value in values)
            {
                to.Append(separator);
                Write(to, value, depth + 1);
                separator = ",";
            }
            to.Append(separator == "[" ? "[]" : "]");
        }

        private static void WriteNumber(StringBuilder to, object value)
        {
            var type = Type.GetTypeCode(value.GetType());
            var isWhole = type >= TypeCode.SByte && type <= TypeCode.UInt64 && !(value is Enum);
            if (!isWhole && type != TypeCode.Single && type != TypeCode.Double && type != TypeCode.Decimal)
            {
                throw NoJson(value);
            }
            var isFloating = type == TypeCode.Single || type == TypeCode.Double;
            var number = isFloating ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : 0;
            if (double.IsNaN(number) || double.IsInfinity(number))
            {
                throw new NotSupportedException("a number that is not finite is no JSON");
            }
            to.Append(((IFormattable)value).ToString(isFloating ? "R" : null, CultureInfo.InvariantCulture));
        }

        private static void WriteText(StringBuilder to, string text)
        {
            to.Append('"');
            foreach (var c in text)
            {
                if (c == '"' || c == '\\')
                {
                    to.Append('\\').Append(c);
                }
                else if (c < ' ')
                {
                    to.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    to.Append(c);
                }
            }
            to.Append('"');
        }

        private static NotSupportedException NoJson(object value)
        {
            return new NotSupportedException(
                $"a value of type {value.GetType().FullName} is no JSON: give a text, number, boolean, dictionary with text "
                    + "keys, list, or new Json(text)");
        }
    }
}
