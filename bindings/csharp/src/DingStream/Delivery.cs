using System;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// One thing handed to the application. It owes one settling: <see cref="Ok"/>, <see cref="Later"/> or
    /// <see cref="Fail"/>, which the end of its handler does where the handler did not. It belongs to its handler: once that
    /// has returned, or its task is done, it can no longer be used, unless <see cref="Take"/> was called.
    /// </summary>
    public partial class Delivery
    {
        private readonly DeliveryHandle handle;
        private readonly IntPtr data;
        private volatile bool isSettled;

        internal unsafe Delivery(Client client, ref dingstream_view view)
        {
            Client = client;
            Kind = (Kind)view.kind;
            handle = new DeliveryHandle(view.delivery, client.Log);
            data = (IntPtr)NativeMethods.dingstream_delivery_json(view.delivery);
        }

        /// <summary>What it is.</summary>
        public Kind Kind { get; }

        /// <summary>The topic that DingTalk sent it under; of a state, the state's name.</summary>
        public unsafe string Topic
        {
            get
            {
                using (Borrow())
                {
                    UIntPtr length;
                    return Utf8.Text(NativeMethods.dingstream_delivery_topic(handle.Pointer, &length), length);
                }
            }
        }

        /// <summary>The id of this push. DingTalk may push the same thing again under another id.</summary>
        public unsafe string Id
        {
            get
            {
                using (Borrow())
                {
                    UIntPtr length;
                    return Utf8.Text(NativeMethods.dingstream_delivery_id(handle.Pointer, &length), length);
                }
            }
        }

        /// <summary>The payload: the raw JSON text that DingTalk sent.</summary>
        public unsafe string Data
        {
            get
            {
                using (Borrow())
                {
                    UIntPtr length;
                    return Utf8.Text(NativeMethods.dingstream_delivery_data(handle.Pointer, &length), length);
                }
            }
        }

        /// <summary>The payload, readable by pointer.</summary>
        public unsafe Json Json
        {
            get { return new Json((dingstream_json*)data, handle); }
        }

        /// <summary>The headers of the frame, readable by pointer.</summary>
        public unsafe Json Headers
        {
            get
            {
                using (Borrow())
                {
                    return new Json(NativeMethods.dingstream_delivery_headers(handle.Pointer), handle);
                }
            }
        }

        /// <summary>Whether it was settled.</summary>
        public unsafe bool IsSettled
        {
            get
            {
                if (isSettled)
                {
                    return true;
                }
                using (Borrow())
                {
                    return NativeMethods.dingstream_delivery_is_settled(handle.Pointer);
                }
            }
        }

        internal Client Client { get; }

        internal bool IsTaken { get; private set; }

        /// <summary>The run that ends with this state.</summary>
        internal TaskCompletionSource<bool> Ends { get; set; }

        /// <summary>Settles it: done.</summary>
        /// <param name="response">
        /// What a card, graph or other delivery answers with: a text, number, boolean, dictionary, sequence,
        /// <see cref="DingStream.Json"/>, <see cref="GraphResponse"/>, <see cref="CardResponse"/> or <see cref="DynamicData"/>;
        /// <c>null</c> for an empty answer. Messages and events carry none.
        /// </param>
        /// <exception cref="DingStreamAnsweredException">It was settled before.</exception>
        /// <exception cref="DingStreamExpiredException">
        /// The library had to answer first: a card's response after <see cref="ClientOptions.AnswerWithinCard"/>, anything after
        /// <see cref="ClientOptions.HandlerDeadline"/>.
        /// </exception>
        /// <exception cref="NotSupportedException">The response is of a type that is no JSON.</exception>
        public unsafe void Ok(object response = null)
        {
            using (Borrow())
            {
                if (response == null)
                {
                    Settled(NativeMethods.dingstream_delivery_ok(handle.Pointer, null));
                    return;
                }
                var json = (response as IResponse)?.ToJson() ?? Json.From(response);
                using (json.Borrow())
                {
                    Settled(NativeMethods.dingstream_delivery_ok(handle.Pointer, json.Document));
                }
            }
        }

        /// <summary>
        /// Settles it: not now. An event comes again; for other kinds it is the same as <see cref="Fail"/>.
        /// </summary>
        /// <param name="reason">Why, told to DingTalk: it must hold no secret.</param>
        /// <exception cref="DingStreamAnsweredException">It was settled before.</exception>
        public unsafe void Later(string reason)
        {
            var bytes = Utf8.Bytes(reason ?? "");
            using (Borrow())
            {
                fixed (byte* at = bytes)
                {
                    Settled(NativeMethods.dingstream_delivery_later(handle.Pointer, at, Utf8.Length(bytes)));
                }
            }
        }

        /// <summary>Settles it: it did not work.</summary>
        /// <param name="reason">Why, told to DingTalk with an event's answer: it must hold no secret.</param>
        /// <exception cref="DingStreamAnsweredException">It was settled before.</exception>
        public unsafe void Fail(string reason)
        {
            var bytes = Utf8.Bytes(reason ?? "");
            using (Borrow())
            {
                fixed (byte* at = bytes)
                {
                    Settled(NativeMethods.dingstream_delivery_fail(handle.Pointer, at, Utf8.Length(bytes)));
                }
            }
        }

        /// <summary>
        /// Keeps it beyond the end of its handler, or the next step of an iteration: it is yours to settle. Collected
        /// unsettled, it is declined.
        /// </summary>
        public void Take()
        {
            IsTaken = true;
        }

        /// <summary>What the end of its handler, or the next step of an iteration, makes of it.</summary>
        internal void Finish(object value)
        {
            if (IsTaken)
            {
                return;
            }
            var later = value as DingStream.Later;
            if (later != null)
            {
                Settle(() => Later(later.Reason));
            }
            else
            {
                Settle(() => Ok(Kind == Kind.Message || Kind == Kind.Event ? null : value));
            }
        }

        internal void FinishFailed(string reason)
        {
            Settle(() => Fail(reason));
        }

        internal void FinishUnhandled()
        {
            Settle(Unhandled);
        }

        /// <summary>The end of its handler: what nobody took is freed at once, not when memory runs short.</summary>
        internal void Free()
        {
            if (!IsTaken)
            {
                handle.Dispose();
            }
        }

        internal Handle.Lease Borrow()
        {
            return handle.Borrow();
        }

        internal unsafe dingstream_json* Document(Part part)
        {
            return part == Part.Data ? (dingstream_json*)data : NativeMethods.dingstream_delivery_headers(handle.Pointer);
        }

        private unsafe void Unhandled()
        {
            using (Borrow())
            {
                Settled(NativeMethods.dingstream_delivery_unhandled(handle.Pointer));
            }
        }

        /// <summary>
        /// Settles where nobody has. Where somebody else was first meanwhile that is as good, and where the library had to be it
        /// has told so.
        /// </summary>
        private void Settle(Action how)
        {
            if (isSettled || Kind == Kind.State)
            {
                return;
            }
            try
            {
                how();
            }
            catch (DingStreamException error) when (error.Kind == ErrorKind.Answered || error.Kind == ErrorKind.Expired)
            {
                isSettled = true;
            }
        }

        private unsafe void Settled(dingstream_error* error)
        {
            DingStreamException.Check(error);
            isSettled = true;
        }
    }
}
