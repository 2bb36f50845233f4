using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading.Tasks;
using DingStream;

/// <summary>Requests of assistants and plugins, and what else the views read.</summary>
public static class GraphClaims
{
    public static Task A_request_is_read()
    {
        var told = Bots.Promise<string>();
        return Bots.With(
            client => client.OnGraph(request => told.SetResult(
                $"{request.Method} {request.Uri} {request.Body} {request.PluginId} {request.RequestHeaders.Text("/x-plugin-id")}")),
            async client =>
            {
                Simulator.Push("graph", "method", "PUT", "uri", "/a?b=c", "body", new Dictionary<string, object> { ["e"] = 1 });
                Check.Equal("PUT /a?b=c {\"e\":1} plugin-1 plugin-1", await told.Task);
            });
    }

    public static Task A_response_is_http_in_json()
    {
        var body = new Dictionary<string, object> { ["a"] = new[] { 1 } };
        var responses = new ConcurrentQueue<GraphResponse>(new[]
        {
            GraphResponse.Of(body),
            GraphResponse.Of("<p>", 404, "text/html"),
            GraphResponse.Of(null, 201).Header("X-Trace", "t").Header("x/~y", "中"),
        });
        return Bots.With(
            client => client.OnGraph(request =>
            {
                GraphResponse response;
                responses.TryDequeue(out response);
                return Task.FromResult(response);
            }),
            client =>
            {
                Check.Equal("200 OK application/json {\"a\":[1]}", Answered(0));
                Check.Equal("404 Not Found text/html <p>", Answered(1));
                Check.Equal("201 Created application/json null", Answered(2));
                var last = Response(2);
                Check.Equal("t", last.Text("/response/headers/x-trace"));
                Check.Equal("中", last.Text("/response/headers/x~1~0y"));
                return Task.CompletedTask;
            });
    }

    public static Task A_response_settles_at_once_too_and_any_other_value_is_one()
    {
        return Bots.With(
            client => client.OnGraph(request =>
            {
                if (request.Method == "POST")
                {
                    request.Ok(GraphResponse.Of("x", 202));
                }
                return (object)"plain";
            }),
            client =>
            {
                Simulator.Push("graph", "method", "POST");
                Check.Equal(202L, Response(0).Int("/response/statusLine/code"));
                Simulator.Push("graph", "method", "GET");
                Check.Equal("plain", Response(1).Text("/response"));
                return Task.CompletedTask;
            });
    }

    public static async Task A_status_that_does_not_exist_fails_the_request()
    {
        var log = new BlockingCollection<LogRecord>();
        await Bots.With(
            client => client.OnGraph(request => GraphResponse.Of("x", -1)),
            client =>
            {
                Simulator.Push("graph");
                Check.Equal(500L, Simulator.Records("answer").Int("/records/0/code"));
                Check.Contains("no such HTTP status", log.Next(LogLevel.Error).Message);
                return Task.CompletedTask;
            },
            log);
        Check.Throws<NotSupportedException>(() => GraphResponse.Of(new Uri("http://h/")));
        Check.Throws<ArgumentNullException>(() => GraphResponse.Of("", contentType: null));
        Check.Throws<ArgumentNullException>(() => GraphResponse.Of("").Header(null, ""));
        Check.Throws<ArgumentNullException>(() => GraphResponse.Of("").Header("a", null));
        Check.Equal("GraphResponse(200)", GraphResponse.Of("planted").Header("a", "planted").ToString());
    }

    public static async Task Requests_come_one_after_the_other_too()
    {
        using (var client = Bots.Make())
        {
            var requests = client.Deliveries(Kind.Graph);
            var first = requests.NextAsync();
            Simulator.Records("connect");
            Simulator.Push("graph", "uri", "/first");
            var request = (GraphRequest)await first;
            Check.Equal("/first", request.Uri);
            request.Ok(GraphResponse.Of("x"));
            Check.Equal("x", Response(0).Text("/response/body"));
        }
    }

    public static Task A_list_is_a_list_however_it_came()
    {
        string[] contents =
        {
            "{\"richText\":[{\"text\":\"a\"},{\"downloadCode\":\"c1\"},{\"downloadCode\":\"c2\"}]}",
            "{\"downloadCode\":\"c1\"}",
            "{\"downloadCode\":null,\"pictureDownloadCode\":\"p1\"}",
            "{}",
        };
        var told = new BlockingCollection<string>();
        return Bots.With(
            client => client.OnMessage(message => told.Add(message.DownloadCodes?.ToString() ?? "none")),
            client =>
            {
                foreach (var content in contents)
                {
                    var data = new Dictionary<string, object> { ["content"] = new Json(content) };
                    Simulator.Push("message", "data", data);
                }
                foreach (var expected in new[] { "[\"c1\",\"c2\"]", "[\"c1\"]", "[\"p1\"]", "none" })
                {
                    Check.Equal(expected, told.Take());
                }
                return Task.CompletedTask;
            });
    }

    private static string Answered(int index)
    {
        Simulator.Push("graph");
        var json = Response(index);
        return $"{json.Text("/response/statusLine/code")} {json.Text("/response/statusLine/reasonPhrase")} "
            + $"{json.Text("/response/headers/content-type")} {json.Text("/response/body")}";
    }

    private static Json Response(int index)
    {
        var answers = Simulator.Records("answer", index + 1);
        return new Json(new Json(answers.Text($"/records/{index}/raw")).Text("/data"));
    }
}
