namespace DingStream
{
    /// <summary>
    /// A text that is never shown, such as the URL of a proxy with its password. Any text can be assigned to one.
    /// </summary>
    public sealed class Secret
    {
        private readonly string text;

        private Secret(string text)
        {
            this.text = text;
        }

        /// <summary>Hides a text.</summary>
        /// <param name="text">The text.</param>
        public static implicit operator Secret(string text)
        {
            return text == null ? null : new Secret(text);
        }

        /// <summary>Stars, whatever the text is.</summary>
        public override string ToString()
        {
            return "***";
        }

        internal string Expose()
        {
            return text;
        }
    }
}
