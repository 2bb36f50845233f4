using System.Collections.Generic;
using DingStream;

/// <summary>What the typed views say.</summary>
internal static class Reading
{
    internal static void Read()
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(message => Say(new Dictionary<string, object>
            {
                ["text"] = message.Text,
                ["msgtype"] = message.Msgtype,
                ["conversationType"] = message.ConversationType,
                ["createAt"] = message.CreateAt,
                ["senderNick"] = message.SenderNick,
                ["isAdmin"] = message.IsAdmin,
                ["atUsers"] = message.AtUsers,
                ["content"] = message.Content,
            }));
            client.OnEvent(change => Say(new Dictionary<string, object>
            {
                ["eventType"] = change.EventType,
                ["eventId"] = change.EventId,
                ["bornTime"] = change.BornTime,
            }));
            client.OnCard(action => Say(new Dictionary<string, object>
            {
                ["outTrackId"] = action.OutTrackId,
                ["userId"] = action.UserId,
                ["actionIds"] = action.ActionIds,
                ["params"] = action.Params,
            }));
            client.Run();
        }
    }

    private static void Say(Dictionary<string, object> read)
    {
        Report.Handled();
        Report.Say("read", read);
    }
}
