using System;
using System.Collections.Generic;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// What answers a <see cref="GraphRequest"/>: HTTP in JSON. A handler returns it, or gives it to <see cref="Delivery.Ok"/>. It
    /// never changes.
    /// </summary>
    public sealed class GraphResponse : IResponse
    {
        private readonly int status;
        private readonly string contentType;
        private readonly string body;
        private readonly Dictionary<string, string> headers;

        private GraphResponse(int status, string contentType, string body, Dictionary<string, string> headers)
        {
            this.status = status;
            this.contentType = contentType;
            this.body = body;
            this.headers = headers;
        }

        /// <summary>A response.</summary>
        /// <param name="body">A text goes as it is; anything else that <see cref="Json.From"/> takes goes as JSON.</param>
        /// <param name="status">The HTTP status.</param>
        /// <param name="contentType">What the body is.</param>
        /// <returns>The response.</returns>
        /// <exception cref="NotSupportedException">The body is of a type that is no JSON.</exception>
        public static GraphResponse Of(object body, int status = 200, string contentType = "application/json")
        {
            if (contentType == null)
            {
                throw new ArgumentNullException(nameof(contentType));
            }
            var text = body as string ?? JsonWriter.Write(body);
            return new GraphResponse(status, contentType, text, new Dictionary<string, string>());
        }

        /// <summary>The same response with a header more.</summary>
        /// <param name="name">Its name, in any case.</param>
        /// <param name="value">Its value.</param>
        /// <returns>A new response.</returns>
        public GraphResponse Header(string name, string value)
        {
            var lower = (name ?? throw new ArgumentNullException(nameof(name))).ToLowerInvariant();
            var more = new Dictionary<string, string>(headers)
            {
                [lower] = value ?? throw new ArgumentNullException(nameof(value)),
            };
            return new GraphResponse(status, contentType, body, more);
        }

        /// <summary>The status alone: the rest is what somebody asked for, and belongs in no log.</summary>
        public override string ToString()
        {
            return "GraphResponse(" + status + ")";
        }

        /// <exception cref="DingStreamArgumentException">There is no such status.</exception>
        unsafe Json IResponse.ToJson()
        {
            byte[] type = Utf8.Bytes(contentType), text = Utf8.Bytes(body);
            dingstream_json* made;
            fixed (byte* t = type, b = text)
            {
                DingStreamException.Check(NativeMethods.dingstream_graph_response(
                    (uint)status, t, Utf8.Length(type), b, Utf8.Length(text), &made));
            }
            var json = new Json(made);
            foreach (var header in headers)
            {
                Set(made, "/headers/" + header.Key.Replace("~", "~0").Replace("/", "~1"), header.Value);
            }
            return json;
        }

        private static unsafe void Set(dingstream_json* json, string pointer, string value)
        {
            byte[] place = Utf8.Bytes(pointer), text = Utf8.Bytes(value);
            fixed (byte* p = place, t = text)
            {
                DingStreamException.Check(
                    NativeMethods.dingstream_json_set_text(json, p, Utf8.Length(place), t, Utf8.Length(text)));
            }
        }
    }
}
