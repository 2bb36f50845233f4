using System.Collections.Generic;
using System.Linq;
using DingStream;

/// <summary>What the typed views say.</summary>
internal static class Reading
{
    internal static void Read()
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(message => Say(message));
            client.On(Topics.BotDelegate, delivery => Say((BotMessage)delivery));
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

    private static void Say(BotMessage message)
    {
        Say(new Dictionary<string, object>
        {
            ["text"] = message.Text,
            ["msgtype"] = message.Msgtype,
            ["conversationType"] = message.ConversationType,
            ["createAt"] = message.CreateAt,
            ["senderNick"] = message.SenderNick,
            ["isAdmin"] = message.IsAdmin,
            ["atUsers"] = message.AtUsers,
            ["content"] = message.Content,
        });
        SayRich(message);
    }

    /// <summary>What only some messages have.</summary>
    private static void SayRich(BotMessage message)
    {
        var all = new Dictionary<string, object>
        {
            ["downloadCodes"] = message.DownloadCodes,
            ["fileName"] = message.FileName,
            ["recognition"] = message.Recognition,
            ["duration"] = message.Duration,
            ["videoType"] = message.VideoType,
            ["isReply"] = message.IsReply,
            ["quotedMsgId"] = message.QuotedMsgId,
            ["quotedText"] = message.QuotedText,
            ["hostingUserId"] = message.HostingUserId,
            ["errorCode"] = message.ErrorCode,
            ["errorMessage"] = message.ErrorMessage,
            ["cardUrl"] = message.CardUrl,
        };
        var there = all.Where(field => field.Value != null).ToDictionary(field => field.Key, field => field.Value);
        if (there.Count > 0)
        {
            Report.Say("rich", there);
        }
    }

    private static void Say(Dictionary<string, object> read)
    {
        Report.Handled();
        Report.Say("read", read);
    }
}
