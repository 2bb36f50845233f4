using System.Collections.Generic;
using DingStream.Native;

namespace DingStream
{
    /// <summary>How a card session writes. It is read when the session is opened.</summary>
    public sealed partial class CardOptions
    {
        internal static byte[] Bytes(string text, CardOptions options)
        {
            var chosen = new Dictionary<string, object>();
            options?.Write(chosen);
            if (text != null)
            {
                chosen["text"] = text;
            }
            return Utf8.Bytes(JsonWriter.Write(chosen));
        }
    }
}
