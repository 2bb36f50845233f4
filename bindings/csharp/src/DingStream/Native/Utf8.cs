using System;
using System.Text;

namespace DingStream.Native
{
    /// <summary>Texts on their way over the boundary.</summary>
    internal static unsafe class Utf8
    {
        internal static byte[] Bytes(string text)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        internal static byte[][] All(params string[] texts)
        {
            return Array.ConvertAll(texts, Bytes);
        }

        internal static UIntPtr Length(byte[] bytes)
        {
            return (UIntPtr)bytes.Length;
        }

        internal static string Text(byte* text, UIntPtr length)
        {
            if (text == null)
            {
                return null;
            }
            var count = (int)length;
            return count == 0 ? "" : Encoding.UTF8.GetString(text, count);
        }

        internal static string Text(byte* ended)
        {
            var count = 0;
            while (ended != null && ended[count] != 0)
            {
                count++;
            }
            return Text(ended, (UIntPtr)count);
        }
    }
}
