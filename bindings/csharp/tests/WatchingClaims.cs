using System;
using System.Linq;
using System.Threading.Tasks;
using DingStream;

public static class WatchingClaims
{
    public static async Task Numbers_may_be_asked_for_at_any_moment()
    {
        using (var client = Bots.Make())
        {
            var inHandler = Bots.Promise<ClientStats>();
            client.OnMessage(message => inHandler.SetResult(client.Stats()));
            var before = client.Stats();
            await client.StartAsync();
            Simulator.Push("message", "text", "hello");
            var during = await inHandler.Task;
            Simulator.Records("answer");
            await client.StopAsync();
            var after = client.Stats();
            Check.Equal("0 0 0 0", Some(before));
            Check.Equal("1 1 0 1", Some(during));
            Check.Equal("1 0 1 0", Some(after));
        }
    }

    public static void Metrics_are_the_same_numbers_for_Prometheus()
    {
        using (var client = Bots.Make())
        {
            var metrics = client.Metrics();
            Check.Contains("# TYPE dingstream_ok_total counter\ndingstream_ok_total{client_id=\"ding-demo\"} 0\n", metrics);
            Check.Contains("# TYPE dingstream_in_flight gauge\ndingstream_in_flight{client_id=\"ding-demo\"} 0\n", metrics);
            var numbers = metrics.Split('\n').Count(line => line.StartsWith("dingstream_", StringComparison.Ordinal));
            Check.Equal(typeof(ClientStats).GetProperties().Length, numbers);
        }
    }

    public static async Task Started_twice_is_started_once()
    {
        using (var client = Bots.Make())
        {
            client.OnMessage(message => { });
            await Task.WhenAll(client.StartAsync(), client.StartAsync());
            await client.StartAsync();
            Check.Equal(1L, client.Stats().Opened);
            await client.StopAsync();
        }
    }

    public static async Task Several_connections_are_kept_where_one_is_not_enough()
    {
        using (var client = Bots.Make(new ClientOptions { Connections = 2 }))
        {
            client.OnMessage(message => { });
            await client.StartAsync();
            Simulator.Records("connect", 2);
            while (client.Stats().Connections < 2)
            {
                await Task.Delay(2);
            }
            await client.StopAsync();
        }
    }

    public static void A_client_that_was_disposed_of_has_no_numbers()
    {
        var client = Bots.Make();
        client.Dispose();
        Check.Throws<ObjectDisposedException>(() => client.Stats());
        Check.Throws<ObjectDisposedException>(() => client.Metrics());
    }

    private static string Some(ClientStats stats)
    {
        return $"{stats.Opened} {stats.Connections} {stats.Ok} {stats.InFlight}";
    }
}
