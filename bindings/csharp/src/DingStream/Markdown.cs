using System;
using System.Collections.Generic;
using System.Linq;
using DingStream.Native;

namespace DingStream
{
    /// <summary>Helps with DingTalk's subset of markdown. Everything here may be called from any thread.</summary>
    public static unsafe class Markdown
    {
        private delegate dingstream_error* Helper(byte* text, UIntPtr length, dingstream_json** made);

        /// <summary>A text that shows as it stands, whatever signs it holds.</summary>
        /// <param name="text">Any text.</param>
        /// <returns>Markdown.</returns>
        public static string Escape(string text)
        {
            return Made(text, NativeMethods.dingstream_markdown_escape).Text("");
        }

        /// <summary>
        /// A mention as a text shows it; <see cref="Message.AtMobiles"/> or <see cref="Message.AtUserIds"/> makes it one.
        /// </summary>
        /// <param name="who">A mobile number or a user id.</param>
        /// <returns>Markdown.</returns>
        public static string Mention(string who)
        {
            return Made(who, NativeMethods.dingstream_markdown_mention).Text("");
        }

        /// <summary>An image.</summary>
        /// <param name="photo">Its URL or media id.</param>
        /// <returns>Markdown.</returns>
        public static string Image(string photo)
        {
            return Made(photo, NativeMethods.dingstream_markdown_image).Text("");
        }

        /// <summary>The address that opens a URL in a place of your choice, for links of any message.</summary>
        /// <param name="url">The URL.</param>
        /// <param name="place">Where it opens on a computer.</param>
        /// <returns>A URL.</returns>
        public static string Link(string url, Place place)
        {
            return Made(
                url,
                (text, length, made) => NativeMethods.dingstream_markdown_link(text, length, (uint)place, made)).Text("");
        }

        /// <summary>
        /// Turns what DingTalk does not render into what it does: tables into lists, fenced code into quotes. Everything else
        /// stays as it is.
        /// </summary>
        /// <param name="text">Markdown.</param>
        /// <returns>Markdown that DingTalk renders.</returns>
        public static string Fit(string text)
        {
            return Made(text, NativeMethods.dingstream_markdown_fit).Text("");
        }

        /// <summary>
        /// Cuts a long text into parts: between blocks where it can, else between lines, else between words. A fence that is
        /// cut is closed and opened again.
        /// </summary>
        /// <param name="text">Markdown.</param>
        /// <param name="bytes">How many bytes of UTF-8 a part has at most; 64 or more.</param>
        /// <returns>The parts.</returns>
        public static IReadOnlyList<string> Split(string text, int bytes)
        {
            var most = (UIntPtr)Math.Max(bytes, 0);
            var parts = Made(
                text, (given, length, made) => NativeMethods.dingstream_markdown_split(given, length, most, made));
            return Enumerable.Range(0, parts.Count("")).Select(index => parts.Text("/" + index)).ToArray();
        }

        private static Json Made(string text, Helper helper)
        {
            var bytes = Utf8.Bytes(text ?? throw new ArgumentNullException(nameof(text)));
            Library.Check();
            dingstream_json* made;
            fixed (byte* at = bytes)
            {
                DingStreamException.Check(helper(at, Utf8.Length(bytes), &made));
            }
            return new Json(made);
        }
    }
}
