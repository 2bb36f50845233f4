namespace DingStream
{
    /// <summary>What a delivery is settled with, and the library encodes.</summary>
    internal interface IResponse
    {
        Json ToJson();
    }
}
