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
    }

    internal sealed unsafe class ClientHandle : Handle
    {
        internal ClientHandle(dingstream_client* pointer)
            : base((IntPtr)pointer)
        {
        }

        /// <summary>Keeps the client from being freed until the lease ends.</summary>
        internal Lease Borrow()
        {
            return new Lease(this);
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_client_free((dingstream_client*)handle);
            return true;
        }

        internal struct Lease : IDisposable
        {
            private readonly ClientHandle owner;

            internal Lease(ClientHandle owner)
            {
                var held = false;
                owner.DangerousAddRef(ref held);
                this.owner = owner;
            }

            internal dingstream_client* Pointer
            {
                get { return (dingstream_client*)owner.handle; }
            }

            public void Dispose()
            {
                owner.DangerousRelease();
            }
        }
    }

    internal sealed unsafe class DeliveryHandle : Handle
    {
        internal DeliveryHandle(dingstream_delivery* pointer)
            : base((IntPtr)pointer)
        {
        }

        internal dingstream_delivery* Pointer
        {
            get { return (dingstream_delivery*)handle; }
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_delivery_free((dingstream_delivery*)handle);
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

        protected override bool ReleaseHandle()
        {
            NativeMethods.dingstream_json_free((dingstream_json*)handle);
            return true;
        }
    }
}
