namespace DingStream
{
    /// <summary>A file that was downloaded to memory.</summary>
    public sealed class Download
    {
        internal Download(string name, string contentType, byte[] data)
        {
            Name = name;
            ContentType = contentType;
            Data = data;
        }

        /// <summary>Its name, as DingTalk tells it.</summary>
        public string Name { get; }

        /// <summary>What it is, such as <c>image/png</c>.</summary>
        public string ContentType { get; }

        /// <summary>Its bytes.</summary>
        public byte[] Data { get; }
    }
}
