using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

public static class ReplyClaims
{
    public static Task Mentions_are_rendered()
    {
        return Bots.With(
            client => client.OnMessage(message => message.ReplyAsync(Message.Text("hi").AtMobiles("138").AtUserIds("u1", "u2"))),
            client =>
            {
                Simulator.Push("message", "text", "hello");
                var at = Simulator.Records("reply").Raw("/records/0/body/at");
                Check.Contains("\"138\"", at);
                Check.Contains("\"u2\"", at);
                return Task.CompletedTask;
            });
    }

    public static async Task The_kinds_of_refusal_are_told_apart()
    {
        Check.Equal(ErrorKind.Rejected, (await Refused<DingStreamRejectedException>("errcode", 310000)).Kind);
        Check.Equal("300001", (await Refused<DingStreamExpiredException>("errcode", 300001)).PlatformCode);
        Check.That((await Refused<DingStreamThrottledException>("errcode", 130101)).IsRetryable, "it can be tried again");
        Check.Equal(502, (await Refused<DingStreamProtocolException>("status", 502, "html", true)).HttpStatus);
    }

    public static async Task What_cannot_be_sent_is_refused_here()
    {
        var error = await ErrorOf<DingStreamArgumentException>(message => message.ReplyAsync(Message.Text(" ")), null);
        Check.Contains("empty", error.Message);
        Check.Equal("call:reply", error.Stage);
        await ErrorOf<DingStreamNotFoundException>(Reply, new Dictionary<string, object> { ["sessionWebhook"] = null });
        await ErrorOf<DingStreamNetworkException>(
            Reply, new Dictionary<string, object> { ["sessionWebhook"] = "http://127.0.0.1:9/robot" });
        await ErrorOf<ArgumentNullException>(message => message.ReplyAsync(null), null);
    }

    public static async Task A_cancelled_reply_is_no_longer_waited_for()
    {
        Simulator.Break("webhook", "delayMs", 5000);
        using (var cancel = new CancellationTokenSource())
        {
            Func<BotMessage, Task<Json>> cancelled = message =>
            {
                var reply = message.ReplyAsync(Message.Text("x"), cancel.Token);
                cancel.Cancel();
                return reply;
            };
            await ErrorOf<TaskCanceledException>(cancelled, null);
        }
    }

    public static async Task A_reply_that_is_cancelled_before_is_not_begun()
    {
        await ErrorOf<TaskCanceledException>(
            message => message.ReplyAsync(Message.Text("x"), new CancellationToken(true)), null);
    }

    public static async Task An_error_that_nobody_looks_at_is_logged()
    {
        var log = new BlockingCollection<LogRecord>();
        Simulator.Break("webhook", "errcode", 310000, "errmsg", "keywords not in content", "times", 5);
        await Bots.With(
            client => client.OnMessage(message => { message.ReplyAsync(Message.Text("x")); }),
            async client =>
            {
                // More than one: what a thread had in hand last may look referenced for long.
                for (var count = 1; count <= 5; count++)
                {
                    Simulator.Push("message", "text", "hello");
                    Simulator.Records("reply", count);
                }
                LogRecord record;
                while (!log.TryTake(out record))
                {
                    // The runtime tells of it when it collects the task.
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    await Task.Delay(2);
                }
                Check.Contains("nobody looked at the error of reply", record.Message);
            },
            log);
    }

    private static Task<Json> Reply(BotMessage message)
    {
        return message.ReplyAsync(Message.Text("x"), Via.Session);
    }

    private static Task<T> Refused<T>(params object[] how)
        where T : Exception
    {
        Simulator.Break("webhook", how);
        return ErrorOf<T>(Reply, null);
    }

    private static async Task<T> ErrorOf<T>(Func<BotMessage, Task<Json>> reply, Dictionary<string, object> data)
        where T : Exception
    {
        var told = Bots.Promise<T>();
        await Bots.With(
            client => client.OnMessage(async message =>
            {
                try
                {
                    await reply(message);
                    told.SetException(new InvalidOperationException("nothing was thrown"));
                }
                catch (T error)
                {
                    told.SetResult(error);
                }
                catch (Exception error)
                {
                    told.SetException(error);
                }
            }),
            client =>
            {
                Simulator.Push("message", "text", "hello", "data", data ?? new Dictionary<string, object>());
                return told.Task;
            });
        Simulator.Reset();
        return told.Task.Result;
    }
}
