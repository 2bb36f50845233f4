// A bot that says back what it hears.

using System;
using DingStream;

internal static class Echo
{
    private static void Main()
    {
        using (var client = new Client(Variable("DINGTALK_CLIENT_ID"), Variable("DINGTALK_CLIENT_SECRET")))
        {
            client.OnMessage(message => message.ReplyAsync(Message.Markdown("echo", $"**{message.Text}**")));
            client.Run();
        }
    }

    private static string Variable(string name)
    {
        return Environment.GetEnvironmentVariable(name) ?? "";
    }
}
