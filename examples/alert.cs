// Alerts for a group's custom robot: what is more than it may say goes out together.

using System;
using DingStream;

internal static class Alert
{
    private static int Main()
    {
        var options = new WebhookOptions { Overflow = Overflow.Digest };
        using (var webhook = new Webhook(Variable("DINGTALK_WEBHOOK"), Variable("DINGTALK_WEBHOOK_SECRET"), options))
        {
            foreach (var host in new[] { "db-1", "db-2", "db-3" })
            {
                webhook.SendAsync(Message.Text($"disk full on {host}"));
            }
            var flushed = webhook.FlushAsync(TimeSpan.FromSeconds(90)).Result;
            return flushed.Int("/left") == 0 ? 0 : 1;
        }
    }

    private static string Variable(string name)
    {
        return Environment.GetEnvironmentVariable(name) ?? "";
    }
}
