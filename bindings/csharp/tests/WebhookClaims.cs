using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading.Tasks;
using DingStream;

/// <summary>The custom robot. Robots of a process are told apart by their addresses, and so are claims.</summary>
public static class WebhookClaims
{
    public static async Task A_message_is_signed_and_mentions()
    {
        using (var webhook = new Webhook(Simulator.Robot("signed", "SEC1"), "SEC1"))
        {
            var sent = await webhook.SendAsync(Message.Text("disk full").AtMobiles("138"));
            Check.Equal(1L, sent.Int("/sent"));
            var shown = Simulator.Records("robot");
            Check.Equal(true, shown.Bool("/records/0/signed"));
            Check.Equal("138", shown.Text("/records/0/body/at/atMobiles/0"));
        }
    }

    public static async Task What_overflows_is_refused_by_choice()
    {
        var options = new WebhookOptions { Overflow = Overflow.Drop };
        using (var webhook = new Webhook(Simulator.Robot("drop"), "", options))
        {
            await Twenty(webhook);
            var error = await Check.Throws<DingStreamThrottledException>(() => webhook.SendAsync(Message.Text("x")));
            Check.That(error.IsRetryable, "it can be tried again");
        }
    }

    public static async Task Flush_tells_what_is_left()
    {
        var options = new WebhookOptions { Overflow = Overflow.Digest };
        using (var webhook = new Webhook(Simulator.Robot("flush"), null, options))
        {
            // One after the other: what waits while another is under way would be collected.
            for (var i = 0; i < 20; i++)
            {
                await webhook.SendAsync(Message.Text("x"));
            }
            var late = webhook.SendAsync(Message.Text("late"));
            Check.Equal(1L, (await webhook.FlushAsync(TimeSpan.FromMilliseconds(10))).Int("/left"));
            Check.That(!late.IsCompleted, "it waits");
        }
    }

    public static async Task What_is_too_long_is_split_by_choice()
    {
        var options = new WebhookOptions { TooLong = TooLong.Split };
        using (var webhook = new Webhook(Simulator.Robot("split"), null, options))
        {
            Check.Equal(3L, (await webhook.SendAsync(Message.Text(new string('字', 10000)))).Int("/sent"));
        }
    }

    public static async Task A_call_outlives_its_webhook()
    {
        Task<Json> sent;
        var webhook = new Webhook(Simulator.Robot("outlived"));
        using (webhook)
        {
            sent = webhook.SendAsync(Message.Text("x"));
        }
        Check.Equal(1L, (await sent).Int("/sent"));
        Check.Throws<ObjectDisposedException>(() => { webhook.SendAsync(Message.Text("x")); });
        webhook.Dispose();
    }

    public static void What_is_missing_is_refused()
    {
        Check.Throws<ArgumentNullException>(() => new Webhook(null));
        Check.Throws<DingStreamConfigException>(() => new Webhook(""));
        using (var webhook = new Webhook(Simulator.Robot("missing")))
        {
            Check.Throws<ArgumentNullException>(() => { webhook.SendAsync(null); });
        }
    }

    public static async Task Address_secret_and_text_are_told_to_nobody()
    {
        var ear = new Ear();
        var log = new ConcurrentQueue<LogRecord>();
        var options = new WebhookOptions { LogLevel = LogLevel.Trace, Logger = log.Enqueue };
        foreach (var url in new[] { "planted", "ftp://h/robot/send?access_token=planted", "https://h/robot/planted" })
        {
            ear.Fails(() => new Webhook(url, "planted", options));
        }
        var robot = Simulator.Robot("planted", "SECplanted");
        using (var webhook = new Webhook(robot, "SECplanted-wrong", options))
        using (var client = Bots.Make())
        {
            ear.Hear(webhook, options, Message.Text("planted"), Target.Users("planted"));
            await ear.Outcome(webhook.SendAsync(Message.Text("planted")));
            Simulator.Break("robot", "status", 502, "body", "<html>planted", "times", 9);
            await ear.Outcome(webhook.SendAsync(Message.Text("planted")));
            client.SetSuiteTicket("planted-ticket");
            await ear.Outcome(client.SendAsync(Target.Users("u1"), Message.Text("planted")));
            Simulator.Break("/v1.0/robot/ding/send", "code", "system.error");
            await ear.Outcome(client.DingAsync(new[] { "u1" }, "planted"));
        }
        ear.Hear(log.ToArray());
        ear.Confess("DingStreamConfigException", "310000", "DingStream.Webhook", "processQueryKeys", "system.error");
    }

    private static Task Twenty(Webhook webhook)
    {
        return Task.WhenAll(Enumerable.Range(0, 20).Select(_ => webhook.SendAsync(Message.Text("x"))));
    }
}
