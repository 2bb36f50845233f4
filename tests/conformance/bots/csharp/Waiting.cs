using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

/// <summary>Handlers that wait until a message releases them.</summary>
internal static class Waiting
{
    private static TaskCompletionSource<bool> release = Closed();

    internal static void Wait()
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(async message =>
            {
                await (message.Text == "go" ? Go() : Begin("message", message.Text));
                if (message.Text == "fail")
                {
                    throw new InvalidOperationException("planted-secret");
                }
            });
            client.OnEvent(change => Begin("event", change.EventId));
            client.OnCard(async card =>
            {
                await Begin("card", card.OutTrackId);
                try
                {
                    card.Ok(new Dictionary<string, object> { ["a"] = 1 });
                }
                catch (DingStreamException error)
                {
                    Report.Error(error);
                }
            });
            client.Run();
        }
    }

    private static Task Go()
    {
        Begin("message", "go");
        Interlocked.Exchange(ref release, Closed()).SetResult(true);
        Report.Say("went", true);
        return Task.CompletedTask;
    }

    /// <summary>Says that a handler runs, and what it waits for.</summary>
    private static Task Begin(string kind, string id)
    {
        var released = Volatile.Read(ref release).Task;
        Report.Handled();
        Report.Say(new Dictionary<string, object> { ["began"] = kind, ["id"] = id });
        return released;
    }

    private static TaskCompletionSource<bool> Closed()
    {
        return new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
