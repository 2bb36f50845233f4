using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DingStream;

public static class OverlapClaims
{
    public static Task A_handler_that_blocks_holds_up_nobody_else()
    {
        var gate = new ManualResetEventSlim();
        return Bots.With(
            client => client.OnMessage(message =>
            {
                if (message.Text == "open")
                {
                    gate.Set();
                }
                gate.Wait();
            }),
            client =>
            {
                for (var index = 0; index < 5; index++)
                {
                    Simulator.Push("message", "text", "wait", "conversationId", $"cid{index}");
                }
                Simulator.Push("message", "text", "open", "conversationId", "cid-open");
                Simulator.Records("answer", 6);
                return Task.CompletedTask;
            });
    }

    public static Task A_handler_may_block_on_its_reply()
    {
        return Bots.With(
            client => client.OnMessage(message => { message.ReplyAsync(Message.Text(message.Text)).Wait(); }),
            client =>
            {
                for (var index = 0; index < 20; index++)
                {
                    Simulator.Push("message", "text", $"{index}", "conversationId", $"cid{index}");
                }
                Simulator.Records("reply", 20);
                Simulator.Records("answer", 20);
                return Task.CompletedTask;
            });
    }

    public static async Task Handlers_run_where_they_are_told_to()
    {
        using (var context = new OneThread())
        {
            var options = new ClientOptions { SynchronizationContext = context };
            using (var client = Bots.Make(options))
            {
                var threads = Bots.Promise<int[]>();
                client.OnMessage(async message =>
                {
                    var before = Thread.CurrentThread.ManagedThreadId;
                    SynchronizationContext.SetSynchronizationContext(context);
                    await message.ReplyAsync(Message.Text("x"));
                    threads.SetResult(new[] { before, Thread.CurrentThread.ManagedThreadId });
                });
                await client.StartAsync();
                Simulator.Push("message", "text", "hello");
                Check.That((await threads.Task).All(thread => thread == context.ThreadId), "on the thread of the context");
                await client.StopAsync();
            }
        }
    }

    /// <summary>What a user interface has.</summary>
    private sealed class OneThread : SynchronizationContext, IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<KeyValuePair<SendOrPostCallback, object>> posted =
            new System.Collections.Concurrent.BlockingCollection<KeyValuePair<SendOrPostCallback, object>>();

        private readonly Thread thread;

        internal OneThread()
        {
            thread = new Thread(Work) { IsBackground = true };
            thread.Start();
        }

        internal int ThreadId
        {
            get { return thread.ManagedThreadId; }
        }

        public override void Post(SendOrPostCallback callback, object state)
        {
            posted.Add(new KeyValuePair<SendOrPostCallback, object>(callback, state));
        }

        public void Dispose()
        {
            posted.CompleteAdding();
        }

        private void Work()
        {
            foreach (var one in posted.GetConsumingEnumerable())
            {
                one.Key(one.Value);
            }
        }
    }
}
