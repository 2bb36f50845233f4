namespace DingStream.Native
{
    /// <summary>Where a field of a view is read.</summary>
    internal enum Part
    {
        Data,
        Headers,
    }

    /// <summary>One field of a view: read from the raw JSON each time, so that nothing is copied that nobody asks for.</summary>
    internal sealed unsafe class Field<T>
    {
        private readonly Part part;
        private readonly byte[][] pointers;
        private readonly Reader read;

        internal Field(Reader read, Part part, string[] pointers)
        {
            this.read = read;
            this.part = part;
            this.pointers = Utf8.All(pointers);
        }

        internal delegate T Reader(dingstream_json* json, byte[][] pointers);

        internal T Of(Delivery delivery)
        {
            using (delivery.Borrow())
            {
                return read(delivery.Document(part), pointers);
            }
        }
    }

    internal static unsafe class Field
    {
        internal static Field<string> Text(Part part, params string[] pointers)
        {
            return new Field<string>(JsonReader.Text, part, pointers);
        }

        internal static Field<string> Trimmed(Part part, params string[] pointers)
        {
            return new Field<string>(JsonReader.Trimmed, part, pointers);
        }

        internal static Field<long?> Int(Part part, params string[] pointers)
        {
            return new Field<long?>(JsonReader.Int, part, pointers);
        }

        internal static Field<bool?> Bool(Part part, params string[] pointers)
        {
            return new Field<bool?>(JsonReader.Bool, part, pointers);
        }

        internal static Field<Json> List(Part part, params string[] pointers)
        {
            return new Field<Json>(JsonReader.List, part, pointers);
        }

        internal static Field<Json> Json(Part part, params string[] pointers)
        {
            return new Field<Json>(JsonReader.Json, part, pointers);
        }
    }
}
