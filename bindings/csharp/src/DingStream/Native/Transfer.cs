using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace DingStream.Native
{
    /// <summary>
    /// Bytes on their way into a call or out of it, piece by piece. Whoever asks never waits: where there is no room, or
    /// nothing yet, the thread pool does.
    /// </summary>
    internal static class Transfer
    {
        private const int PieceBytes = 64 * 1024;

        /// <summary>How long a thread of the pool waits before others have their turn.</summary>
        private const int SliceMs = 100;

        private const int Ended = -1;

        private delegate int Attempt(long timeoutMs);

        internal static async Task<Json> UploadAsync(
            Operation operation,
            Handle handle,
            Stream content,
            long size,
            CancellationToken cancellation,
            Calls.Beginning beginning)
        {
            cancellation.ThrowIfCancellationRequested();
            using (var call = Calls.Open(handle, beginning))
            {
                var piece = new byte[PieceBytes];
                for (var left = size; left > 0;)
                {
                    var most = (int)Math.Min(left, piece.Length);
                    var count = await content.ReadAsync(piece, 0, most, cancellation).ConfigureAwait(false);
                    if (count == 0)
                    {
                        throw new EndOfStreamException($"the stream ended {left} bytes before its size");
                    }
                    for (var sent = 0; sent < count;)
                    {
                        var from = sent;
                        sent += await Patiently(wait => Write(call, piece, from, count - from, wait), cancellation)
                            .ConfigureAwait(false);
                    }
                    left -= count;
                }
                return await Calls.Follow(operation, call, cancellation).ConfigureAwait(false);
            }
        }

        internal static async Task<Download> DownloadAsync(
            Operation operation, Handle handle, CancellationToken cancellation, Calls.Beginning beginning)
        {
            cancellation.ThrowIfCancellationRequested();
            using (var call = Calls.Open(handle, beginning))
            using (var data = new MemoryStream())
            {
                var piece = new byte[PieceBytes];
                Attempt read = wait => Read(call, piece, wait);
                for (var count = 0; count != Ended; count = await Patiently(read, cancellation).ConfigureAwait(false))
                {
                    data.Write(piece, 0, count);
                }
                var told = await Calls.Follow(operation, call, cancellation).ConfigureAwait(false);
                return new Download(told.Text("/name"), told.Text("/contentType"), data.ToArray());
            }
        }

        private static async Task<int> Patiently(Attempt attempt, CancellationToken cancellation)
        {
            var moved = attempt(0);
            while (moved == 0)
            {
                moved = await Task.Run(() => attempt(SliceMs), cancellation).ConfigureAwait(false);
            }
            return moved;
        }

        private static unsafe int Write(CallHandle call, byte[] piece, int from, int count, long timeoutMs)
        {
            UIntPtr written;
            using (call.Borrow())
            {
                fixed (byte* at = piece)
                {
                    DingStreamException.Check(NativeMethods.dingstream_call_write(
                        call.Pointer, at + from, (UIntPtr)count, timeoutMs, &written));
                }
            }
            return (int)written;
        }

        private static unsafe int Read(CallHandle call, byte[] piece, long timeoutMs)
        {
            UIntPtr count;
            bool hasEnded;
            using (call.Borrow())
            {
                fixed (byte* at = piece)
                {
                    DingStreamException.Check(NativeMethods.dingstream_call_read(
                        call.Pointer, at, (UIntPtr)piece.Length, timeoutMs, &count, &hasEnded));
                }
            }
            return count == UIntPtr.Zero && hasEnded ? Ended : (int)count;
        }
    }
}
