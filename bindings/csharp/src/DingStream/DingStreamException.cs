using System;
using System.Collections.Generic;
using DingStream.Native;

namespace DingStream
{
    /// <summary>
    /// A failure: what happened, where, and what to do about it. There is one subclass for each <see cref="ErrorKind"/>.
    /// It never holds a secret, a token, a ticket, a webhook's session key or the text of a message.
    /// </summary>
    public abstract partial class DingStreamException : Exception
    {
        private readonly Details details;

        internal DingStreamException(Details details)
            : base(details.Sentence)
        {
            this.details = details;
        }

        /// <summary>What kind of failure it is.</summary>
        public ErrorKind Kind
        {
            get { return details.Kind; }
        }

        /// <summary>What to do about it; empty where nothing is known.</summary>
        public string Hint
        {
            get { return details.Hint; }
        }

        /// <summary>Where it happened: <c>open</c>, <c>connect</c>, <c>call:reply</c> …; empty for a plain misuse.</summary>
        public string Stage
        {
            get { return details.Stage; }
        }

        /// <summary>The HTTP status, or 0 where none was received.</summary>
        public int HttpStatus
        {
            get { return details.HttpStatus; }
        }

        /// <summary>The platform's own code, such as <c>authFailed</c> or <c>310000</c>; empty where it gave none.</summary>
        public string PlatformCode
        {
            get { return details.PlatformCode; }
        }

        /// <summary>The platform's id of the request, which its support asks for; empty where it gave none.</summary>
        public string RequestId
        {
            get { return details.RequestId; }
        }

        /// <summary>Whether the same call may succeed later without a change.</summary>
        public bool IsRetryable
        {
            get { return details.IsRetryable; }
        }

        /// <summary>
        /// What to send to DingTalk's support, or to whoever helps: one line a fact, such as the time, the client id, the request
        /// and its id. It holds no secret; empty for a plain misuse.
        /// </summary>
        public string SupportText
        {
            get { return details.SupportText; }
        }

        /// <summary>
        /// The permissions that the application lacks, as the developer console names them; empty where DingTalk named none.
        /// </summary>
        public IReadOnlyList<string> RequiredScopes
        {
            get { return details.RequiredScopes; }
        }

        internal static DingStreamException Of(ErrorKind kind, string message, string hint)
        {
            return Of(new Details { Kind = kind, Message = message, Hint = hint });
        }

        internal static unsafe void Check(dingstream_error* error)
        {
            if (error != null)
            {
                throw Take(error);
            }
        }

        internal static unsafe DingStreamException Take(dingstream_error* error)
        {
            var details = new Details
            {
                Kind = (ErrorKind)NativeMethods.dingstream_error_kind(error),
                Message = Utf8.Text(NativeMethods.dingstream_error_message(error)),
                Hint = Utf8.Text(NativeMethods.dingstream_error_hint(error)),
                Stage = Utf8.Text(NativeMethods.dingstream_error_stage(error)),
                HttpStatus = (int)NativeMethods.dingstream_error_http_status(error),
                PlatformCode = Utf8.Text(NativeMethods.dingstream_error_platform_code(error)),
                RequestId = Utf8.Text(NativeMethods.dingstream_error_request_id(error)),
                IsRetryable = NativeMethods.dingstream_error_retryable(error),
                SupportText = Utf8.Text(NativeMethods.dingstream_error_support_text(error)),
                RequiredScopes = Listed(Utf8.Text(NativeMethods.dingstream_error_required_scopes(error))),
            };
            NativeMethods.dingstream_error_free(error);
            return Of(details);
        }

        private static string[] Listed(string scopes)
        {
            return scopes.Split(new[] { ',' }, StringSplitOptions.RemoveEmptyEntries);
        }

        internal sealed class Details
        {
            internal ErrorKind Kind;
            internal string Message = "";
            internal string Hint = "";
            internal string Stage = "";
            internal int HttpStatus;
            internal string PlatformCode = "";
            internal string RequestId = "";
            internal bool IsRetryable;
            internal string SupportText = "";
            internal IReadOnlyList<string> RequiredScopes = new string[0];

            internal string Sentence
            {
                get { return Hint.Length == 0 ? Message : Message + ": " + Hint; }
            }
        }
    }
}
