using System;
using System.Runtime.InteropServices;

namespace DingStream.Native
{
    internal abstract class Handle : SafeHandle
    {
        protected Handle(IntPtr pointer)
            : base(IntPtr.Zero, true)
        {
            SetHandle(pointer);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        /// <summary>Keeps it from being freed until the lease ends.</summary>
        internal Lease Borrow()
        {
            try
            {
                return new Lease(this);
            }
            catch (ObjectDisposedException)
            {
                throw Closed();
            }
        }

        protected abstract ObjectDisposedException Closed();

        internal struct Lease : IDisposable
        {
            private readonly Handle owner;

            internal Lease(Handle owner)
            {
                var held = false;
                owner.DangerousAddRef(ref held);
                this.owner = owner;
            }

            public void Dispose()
            {
                owner.DangerousRelease();
            }
        }
    }

    internal sealed unsafe class ClientHandle : Handle
    {
        internal ClientHandle(dingstream_client* pointer)
            : base((IntPtr)pointer)
        {
        }

        internal dingstream_client* Pointer
        {
            get { return (dingstream_client*)handle; }
        }

        protected override ObjectDisposedException Closed()
        {
            return new ObjectDisposedException(nameof(Client), "the client was disposed of");
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_client_free((dingstream_client*)handle);
            return true;
        }
    }

    internal sealed unsafe class DeliveryHandle : Handle
    {
        private readonly Log log;

        internal DeliveryHandle(dingstream_delivery* pointer, Log log)
            : base((IntPtr)pointer)
        {
            this.log = log;
        }

        internal dingstream_delivery* Pointer
        {
            get { return (dingstream_delivery*)handle; }
        }

        /// <summary>Told to the log too: what is thrown in a task that nobody awaits is never seen.</summary>
        protected override ObjectDisposedException Closed()
        {
            const string Told = "a delivery was used after its handler had ended: return the handler's task, or call Take() "
                + "in the handler to keep the delivery";
            log.Write(LogLevel.Error, "delivery", Told);
            return new ObjectDisposedException(nameof(Delivery), Told);
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_delivery_free((dingstream_delivery*)handle);
            return true;
        }
    }

    internal sealed unsafe class WebhookHandle : Handle
    {
        internal WebhookHandle(dingstream_webhook* pointer)
            : base((IntPtr)pointer)
        {
        }

        internal dingstream_webhook* Pointer
        {
            get { return (dingstream_webhook*)handle; }
        }

        protected override ObjectDisposedException Closed()
        {
            return new ObjectDisposedException(nameof(Webhook), "the webhook was disposed of");
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_webhook_free((dingstream_webhook*)handle);
            return true;
        }
    }

    /// <summary>A session that types into a card. Freed before it has ended, it ends as failed.</summary>
    internal sealed unsafe class CardSessionHandle : Handle
    {
        internal CardSessionHandle(dingstream_card_session* pointer)
            : base((IntPtr)pointer)
        {
        }

        internal dingstream_card_session* Pointer
        {
            get { return (dingstream_card_session*)handle; }
        }

        protected override ObjectDisposedException Closed()
        {
            return new ObjectDisposedException(nameof(CardSession), "the card session was disposed of");
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_card_session_free((dingstream_card_session*)handle);
            return true;
        }
    }

    /// <summary>A call that bytes go into or come from. Given up, it is cancelled.</summary>
    internal sealed unsafe class CallHandle : Handle
    {
        internal CallHandle(dingstream_call* pointer)
            : base((IntPtr)pointer)
        {
        }

        internal dingstream_call* Pointer
        {
            get { return (dingstream_call*)handle; }
        }

        /// <summary>Whoever takes it gives it to the queue.</summary>
        internal dingstream_call* Take()
        {
            SetHandleAsInvalid();
            return (dingstream_call*)handle;
        }

        protected override ObjectDisposedException Closed()
        {
            return new ObjectDisposedException(nameof(dingstream_call));
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_call_cancel((dingstream_call*)handle);
            NativeMethods.dingstream_call_free((dingstream_call*)handle);
            return true;
        }
    }

    internal sealed unsafe class JsonHandle : Handle
    {
        internal JsonHandle(dingstream_json* pointer)
            : base((IntPtr)pointer)
        {
        }

        internal dingstream_json* Pointer
        {
            get { return (dingstream_json*)handle; }
        }

        protected override ObjectDisposedException Closed()
        {
            return new ObjectDisposedException(nameof(Json));
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_json_free((dingstream_json*)handle);
            return true;
        }
    }
}
