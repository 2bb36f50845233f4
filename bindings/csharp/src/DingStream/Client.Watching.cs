using DingStream.Native;

namespace DingStream
{
    public sealed partial class Client
    {
        /// <summary>
        /// What it has counted since it was made, and what it holds now. It costs little and may be asked for at any moment.
        /// </summary>
        /// <returns>The numbers of this moment.</returns>
        public unsafe ClientStats Stats()
        {
            dingstream_json* told;
            using (handle.Borrow())
            {
                DingStreamException.Check(NativeMethods.dingstream_client_stats(handle.Pointer, &told));
            }
            return new ClientStats(new Json(told));
        }

        /// <summary>The same numbers as <see cref="Stats"/>, as the text that Prometheus scrapes.</summary>
        /// <returns>The text.</returns>
        public unsafe string Metrics()
        {
            dingstream_json* told;
            using (handle.Borrow())
            {
                DingStreamException.Check(NativeMethods.dingstream_client_metrics(handle.Pointer, &told));
            }
            return new Json(told).Text("");
        }
    }
}
