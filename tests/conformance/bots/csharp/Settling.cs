using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using DingStream;

/// <summary>What becomes of deliveries.</summary>
internal static class Settling
{
    internal static void Answer()
    {
        Answering((client, message) => GC.KeepAlive(message.Text));
    }

    internal static void Stats()
    {
        Answering((client, message) =>
        {
            if (message.Text == "stats")
            {
                Report.Say("stats", Report.Numbers(client.Stats()));
            }
        });
    }

    private static void Answering(Action<Client, BotMessage> read)
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(message =>
            {
                Report.Handled();
                read(client, message);
            });
            client.OnEvent(change => Report.Handled());
            client.OnCard(card =>
            {
                Report.Handled();
                return Clicked(card.ActionIds.Text("/0"));
            });
            client.On("/v1.0/x", delivery =>
            {
                Report.Handled();
                return new Dictionary<string, object> { ["echo"] = delivery.Json };
            });
            client.Run();
        }
    }

    internal static void Later()
    {
        Everywhere(delivery => new Later("try again"));
    }

    internal static void Fail()
    {
        Everywhere(delivery => { throw new InvalidOperationException("planted-secret"); });
    }

    internal static void Silent()
    {
        var kept = new ConcurrentBag<Delivery>();
        Everywhere(delivery =>
        {
            delivery.Take();
            kept.Add(delivery);
            return null;
        });
        GC.KeepAlive(kept);
    }

    internal static void Twice()
    {
        using (var client = Bot.Make())
        {
            client.OnMessage(message =>
            {
                Report.Handled();
                message.Ok();
                try
                {
                    message.Ok();
                }
                catch (DingStreamAnsweredException error)
                {
                    Report.Error(error);
                }
            });
            client.Run();
        }
    }

    internal static void Card()
    {
        using (var client = Bot.Make())
        {
            client.OnCard(card =>
            {
                Report.Handled();
                return "clicked";
            });
            client.Run();
        }
    }

    internal static void Types()
    {
        using (var client = Bot.Make())
        {
            Action<Event> say = change =>
            {
                Report.Handled();
                Report.Say("event", change.EventType);
            };
            client.OnEvent("user_add_org", say);
            client.OnEvent("org_remove", say);
            client.Run();
        }
    }

    private static void Everywhere(Func<Delivery, object> handler)
    {
        Func<Delivery, object> counted = delivery =>
        {
            Report.Handled();
            return handler(delivery);
        };
        using (var client = Bot.Make())
        {
            client.OnMessage(counted);
            client.OnEvent(counted);
            client.OnCard(counted);
            client.On("/v1.0/x", counted);
            client.Run();
        }
    }

    private static object Clicked(string action)
    {
        var parameters = new Dictionary<string, object> { ["clicked"] = action };
        var data = new Dictionary<string, object> { ["cardParamMap"] = parameters };
        return new Dictionary<string, object> { ["cardData"] = data };
    }
}
