using System.Collections.Generic;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// What answers a card's request for dynamic data: a value for each of <see cref="CardAction.DynamicDataSourceIds"/>. A handler
    /// of cards returns it, or gives it to <see cref="Delivery.Ok"/>. It never changes.
    /// </summary>
    public sealed class DynamicData : IResponse
    {
        private readonly Parts values;

        /// <summary>An answer.</summary>
        /// <param name="values">Values by source: a text, a list or a dictionary each.</param>
        public DynamicData(IDictionary<string, object> values = null)
            : this(Parts.Of(values))
        {
        }

        private DynamicData(Parts values)
        {
            this.values = values;
        }

        /// <summary>The same answer with the value of one more source.</summary>
        /// <param name="source">Its <c>dynamicDataSourceId</c>.</param>
        /// <param name="value">A text, a list or a dictionary.</param>
        /// <returns>A new answer.</returns>
        public DynamicData Value(string source, object value)
        {
            return new DynamicData(values.With(source, value));
        }

        unsafe Json IResponse.ToJson()
        {
            var bytes = values.Bytes();
            dingstream_json* made;
            fixed (byte* at = bytes)
            {
                DingStreamException.Check(NativeMethods.dingstream_dynamic_data(at, Utf8.Length(bytes), &made));
            }
            return new Json(made);
        }
    }
}
