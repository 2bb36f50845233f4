using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using DingStream.Native;

namespace DingStream
{
    /// <summary>Files, which need no connection either.</summary>
    public sealed partial class Client
    {
        /// <summary>
        /// Uploads a file, to be sent by its media id. It starts at once; an error that nobody looks at is logged.
        /// </summary>
        /// <param name="type">What it is.</param>
        /// <param name="path">Where it is.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns><c>{"mediaId":"@…","type":"image"}</c>.</returns>
        public unsafe Task<Json> UploadAsync(
            MediaType type, string path, CancellationToken cancellationToken = default(CancellationToken))
        {
            var place = Given(path, nameof(path));
            return Begin("upload", cancellationToken, call =>
            {
                fixed (byte* at = place)
                {
                    return NativeMethods.dingstream_client_upload_file(
                        handle.Pointer, (uint)type, at, Utf8.Length(place), call);
                }
            });
        }

        /// <summary>The same from memory.</summary>
        /// <param name="type">What it is.</param>
        /// <param name="name">Its name, whose ending says what is in it.</param>
        /// <param name="content">Its bytes, which must not change meanwhile.</param>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns><c>{"mediaId":"@…","type":"image"}</c>.</returns>
        public Task<Json> UploadAsync(
            MediaType type, string name, byte[] content, CancellationToken cancellationToken = default(CancellationToken))
        {
            var stream = new MemoryStream(content ?? throw new ArgumentNullException(nameof(content)), false);
            return UploadAsync(type, name, stream, content.Length, cancellationToken);
        }

        /// <summary>The same from a stream, which is read as fast as DingTalk takes it.</summary>
        /// <param name="type">What it is.</param>
        /// <param name="name">Its name, whose ending says what is in it.</param>
        /// <param name="content">What is read, from where it stands; it is yours to close.</param>
        /// <param name="size">How many bytes are read.</param>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns><c>{"mediaId":"@…","type":"image"}</c>.</returns>
        /// <exception cref="EndOfStreamException">The stream ended before that.</exception>
        public unsafe Task<Json> UploadAsync(
            MediaType type,
            string name,
            Stream content,
            long size,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            NotNull(content, nameof(content));
            var called = Given(name, nameof(name));
            var operation = new Operation(this, "upload");
            var upload = Transfer.UploadAsync(operation, handle, content, size, cancellationToken, call =>
            {
                fixed (byte* at = called)
                {
                    return NativeMethods.dingstream_client_upload(
                        handle.Pointer, (uint)type, at, Utf8.Length(called), (ulong)size, call);
                }
            });
            return Calls.Watched(operation, upload, cancellationToken);
        }

        /// <summary>
        /// Downloads what a message brought to memory. It starts at once; an error that nobody looks at is logged.
        /// </summary>
        /// <param name="code">One of <see cref="BotMessage.DownloadCodes"/>.</param>
        /// <param name="robotCode">The robot that got the message, where it is not the client's own.</param>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns>The file.</returns>
        /// <exception cref="DingStreamTooLargeException">
        /// It has more bytes than <see cref="ClientOptions.DownloadBytes"/>.
        /// </exception>
        public unsafe Task<Download> DownloadAsync(
            string code, string robotCode = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] which = Given(code, nameof(code)), robot = Utf8.Bytes(robotCode ?? "");
            var operation = new Operation(this, "download");
            var download = Transfer.DownloadAsync(operation, handle, cancellationToken, call =>
            {
                fixed (byte* c = which, r = robot)
                {
                    return NativeMethods.dingstream_client_download(
                        handle.Pointer, c, Utf8.Length(which), r, Utf8.Length(robot), call);
                }
            });
            return Calls.Watched(operation, download, cancellationToken);
        }

        /// <summary>The same to a file.</summary>
        /// <param name="code">One of <see cref="BotMessage.DownloadCodes"/>.</param>
        /// <param name="path">Where it goes: a file, or a folder, in which it gets the name that DingTalk tells.</param>
        /// <param name="robotCode">The robot that got the message, where it is not the client's own.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        /// <returns><c>{"name":"a.zip","bytes":1000,"contentType":"application/zip","path":"/tmp/a.zip"}</c>.</returns>
        public unsafe Task<Json> DownloadFileAsync(
            string code,
            string path,
            string robotCode = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] which = Given(code, nameof(code)), place = Given(path, nameof(path)), robot = Utf8.Bytes(robotCode ?? "");
            return Begin("download", cancellationToken, call =>
            {
                fixed (byte* c = which, r = robot, p = place)
                {
                    return NativeMethods.dingstream_client_download_file(
                        handle.Pointer, c, Utf8.Length(which), r, Utf8.Length(robot), p, Utf8.Length(place), call);
                }
            });
        }
    }
}
