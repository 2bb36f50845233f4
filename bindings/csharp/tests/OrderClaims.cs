using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using DingStream;

public static class OrderClaims
{
    public static async Task Messages_of_a_conversation_are_handled_one_after_the_other_and_others_overlap()
    {
        var order = await Play(new ClientOptions(), "first", "-other", "first a ann", "second a ann", "other b ann");
        Check.Equal("+first +other -other -first +second -second", order);
    }

    public static async Task By_sender_those_of_one_conversation_overlap()
    {
        var options = new ClientOptions { Ordering = Ordering.Sender };
        var order = await Play(options, "first", "-other", "first a ann", "second a ann", "other a bob");
        Check.Equal("+first +other -other -first +second -second", order);
    }

    public static async Task Without_an_order_all_overlap()
    {
        var options = new ClientOptions { Ordering = Ordering.None };
        Check.Equal("+first +second -second -first", await Play(options, "first", "-second", "first a ann", "second a ann"));
    }

    public static async Task What_may_bypass_is_not_kept_waiting()
    {
        var options = new ClientOptions { Bypass = new[] { "/stop" } };
        var order = await Play(options, "first", "-/stop", "first a ann", "/stop a ann");
        Check.Equal("+first +/stop -/stop -first", order);
    }

    public static async Task No_more_are_out_than_may_be()
    {
        var options = new ClientOptions { MaxInFlight = 1 };
        Check.Equal("+first -first +second -second", await Play(options, "", "", "first a ann", "second b ann"));
    }

    public static async Task A_delivery_that_is_taken_from_an_iteration_holds_back_its_conversation_alone()
    {
        using (var client = Bots.Make())
        {
            var deliveries = client.Deliveries(Kind.Message);
            var next = deliveries.NextAsync();
            Simulator.Records("connect");
            Push("first a ann");
            Push("second a ann");
            Push("other b ann");
            var first = (BotMessage)await next;
            first.Take();
            Check.Equal("first", first.Text);
            Check.Equal("other", ((BotMessage)await deliveries.NextAsync()).Text);
            first.Ok();
            Check.Equal("second", ((BotMessage)await deliveries.NextAsync()).Text);
            await client.StopAsync(TimeSpan.Zero);
        }
    }

    /// <summary>What began (+) and what ended (-), where one handler waits until something else has happened.</summary>
    private static async Task<string> Play(ClientOptions options, string waiting, string until, params string[] messages)
    {
        var order = new ConcurrentQueue<string>();
        var done = new CountdownEvents(messages.Length);
        using (var client = Bots.Make(options))
        {
            client.OnMessage(async message =>
            {
                order.Enqueue("+" + message.Text);
                while (message.Text == waiting && !order.Contains(until))
                {
                    await Task.Delay(1);
                }
                await Task.Yield();
                order.Enqueue("-" + message.Text);
                done.One();
            });
            await client.StartAsync();
            foreach (var message in messages)
            {
                Push(message);
                // What came first also begins first.
                Check.That(waiting == "" || Check.Comes(() => order.Contains("+" + waiting)), waiting + " has begun");
            }
            await done.All;
            await client.StopAsync();
        }
        return string.Join(" ", order);
    }

    /// <summary>Text, conversation, sender.</summary>
    private static void Push(string message)
    {
        var parts = message.Split(' ');
        var sender = new Dictionary<string, object> { ["senderId"] = parts[2] };
        Simulator.Push("message", "text", parts[0], "conversationId", parts[1], "data", sender);
    }
}
