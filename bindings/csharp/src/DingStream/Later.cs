namespace DingStream
{
    /// <summary>
    /// Returned from a handler: not now. An event comes again; everything else is answered as failed.
    /// </summary>
    public sealed class Later
    {
        /// <summary>Not now.</summary>
        /// <param name="reason">Why, told to DingTalk: it must hold no secret.</param>
        public Later(string reason)
        {
            Reason = reason ?? "";
        }

        /// <summary>Why, as it is told to DingTalk.</summary>
        public string Reason { get; }
    }
}
