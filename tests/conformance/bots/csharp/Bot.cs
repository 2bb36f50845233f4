using System;
using DingStream;

/// <summary>The client that the behaviours start from.</summary>
internal static class Bot
{
    internal static Client Make()
    {
        return Make(new ClientOptions { AnswerMessage = Answer.OnCompletion });
    }

    internal static Client Make(ClientOptions options)
    {
        return Make(Variable("DINGTALK_CLIENT_ID", "ding-demo"), Variable("DINGTALK_CLIENT_SECRET", "demo-secret"), options);
    }

    internal static Client Make(string clientId, string clientSecret, ClientOptions options)
    {
        Chosen.Apply(options);
        var client = new Client(clientId, clientSecret, options);
        client.OnState(change => Report.Say("state", change.State));
        return client;
    }

    private static string Variable(string name, string otherwise)
    {
        return Environment.GetEnvironmentVariable(name) ?? otherwise;
    }
}
