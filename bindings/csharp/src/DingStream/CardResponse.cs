using System.Collections.Generic;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// What answers a click on a card: values that change for the one who clicked. Others stay; what everybody is to see goes
    /// through <see cref="Client.CardUpdateAsync"/>. A handler of cards returns it, or gives it to <see cref="Delivery.Ok"/>. It
    /// never changes.
    /// </summary>
    public sealed class CardResponse : IResponse
    {
        private readonly Parts data;
        private readonly Parts privateData;

        /// <summary>A response.</summary>
        /// <param name="data">New values of variables, of any type that <see cref="Json.From"/> takes.</param>
        /// <param name="privateData">New values of private variables of the one who clicked.</param>
        public CardResponse(IDictionary<string, object> data = null, IDictionary<string, object> privateData = null)
            : this(Parts.Of(data), Parts.Of(privateData))
        {
        }

        private CardResponse(Parts data, Parts privateData)
        {
            this.data = data;
            this.privateData = privateData;
        }

        /// <summary>The same response with the new value of a variable.</summary>
        /// <param name="name">The variable.</param>
        /// <param name="value">What <see cref="Json.From"/> takes.</param>
        /// <returns>A new response.</returns>
        public CardResponse Value(string name, object value)
        {
            return new CardResponse(data.With(name, value), privateData);
        }

        /// <summary>The same response with the new value of a private variable of the one who clicked.</summary>
        /// <param name="name">The variable.</param>
        /// <param name="value">What <see cref="Json.From"/> takes.</param>
        /// <returns>A new response.</returns>
        public CardResponse PrivateValue(string name, object value)
        {
            return new CardResponse(data, privateData.With(name, value));
        }

        unsafe Json IResponse.ToJson()
        {
            byte[] shared = data.Bytes(), own = privateData.Bytes();
            dingstream_json* made;
            fixed (byte* s = shared, o = own)
            {
                DingStreamException.Check(
                    NativeMethods.dingstream_card_response(s, Utf8.Length(shared), o, Utf8.Length(own), &made));
            }
            return new Json(made);
        }
    }
}
