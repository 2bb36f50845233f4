using System;
using DingStream;

/// <summary>A program that ends while its client runs.</summary>
internal static class Leaving
{
    private static int Main(string[] arguments)
    {
        var mode = arguments.Length == 1 ? arguments[0] : "";
        if (mode == "load")
        {
            Console.WriteLine(Json.From(1));
            return 0;
        }
        var client = new Client("id", "secret", new ClientOptions { LogLevel = LogLevel.Off });
        client.OnMessage(message => { });
        client.StartAsync();
        if (mode == "exit")
        {
            Environment.Exit(7);
        }
        return 5;
    }
}
