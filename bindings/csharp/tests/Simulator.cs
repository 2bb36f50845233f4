using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using DingStream;

/// <summary>The local DingTalk, and its control API.</summary>
internal sealed class Simulator : IDisposable
{
    private static Uri control;
    private static long seen;

    private readonly Process process;

    private Simulator(Process process)
    {
        this.process = process;
    }

    internal static string Url { get; private set; }

    internal static Simulator Start()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("SIMULATOR"), "--exit-with-stdin")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start);
        var ready = new Json(process.StandardOutput.ReadLine());
        Url = ready.Text("/url");
        control = new Uri(ready.Text("/control"));
        return new Simulator(process);
    }

    internal static void Reset()
    {
        Order("reset", new Dictionary<string, object>());
        // On a slow machine a click is answered late, of which no claim here is.
        Order("settings", new Dictionary<string, object> { ["clickTimeoutMs"] = 60000 });
        seen = Get("records").Int("/next").Value;
    }

    internal static Json Push(string kind, params object[] fields)
    {
        return Order("push", Fields("kind", kind, fields));
    }

    /// <summary>Knows one more application.</summary>
    internal static void App(string clientId, string clientSecret)
    {
        Order("apps", new Dictionary<string, object> { ["clientId"] = clientId, ["clientSecret"] = clientSecret });
    }

    /// <summary>Knows one more custom robot, whose address this is.</summary>
    internal static string Robot(string name, string secret = null)
    {
        Order("robots", new Dictionary<string, object> { ["accessToken"] = name, ["secret"] = secret });
        return $"{Url}/robot/send?access_token={name}";
    }

    /// <summary>What an API answers.</summary>
    internal static void Answer(string method, string path, object body)
    {
        Order("answers", Fields("method", method, new[] { "path", path, "body", body }));
    }

    /// <summary>What a download code leads to.</summary>
    internal static void File(string code, params object[] fields)
    {
        Order("files", Fields("downloadCode", code, fields));
    }

    /// <summary>Knows one more template of cards, which has private data.</summary>
    internal static void Template(string id, params string[] variables)
    {
        Template(id, variables, new string[0]);
    }

    /// <summary>The same, where some of the variables are markdown.</summary>
    internal static void Template(string id, string[] variables, string[] markdown)
    {
        Order("templates", Fields("id", id, new object[]
        {
            "variables", variables, "markdown", markdown, "privateData", true,
        }));
    }

    /// <summary>The cards that there are, as people see them.</summary>
    internal static Json Cards()
    {
        return Get("cards");
    }

    /// <summary>Waits until people see this text on the newest card, in this state; meanwhile does something over and over.</summary>
    internal static void Shown(string text, string state, Action meanwhile = null)
    {
        string seen = "", wanted = state + " " + text;
        var isShown = Check.Comes(() =>
        {
            meanwhile?.Invoke();
            var cards = Cards();
            var last = "/cards/" + (cards.Count("/cards") - 1);
            seen = cards.Text(last + "/state") + " " + cards.Text(last + "/spaces/0/params/msgContent");
            return seen == wanted;
        });
        Check.That(isShown, $"people see \"{wanted}\", but: {seen}");
    }

    /// <summary>Takes permissions away from an API.</summary>
    internal static void Deny(string path, params string[] scopes)
    {
        var denied = new Dictionary<string, object> { [path] = scopes };
        Order("settings", new Dictionary<string, object> { ["deniedScopes"] = denied });
    }

    internal static void Break(string what, params object[] fields)
    {
        Order("break", Fields("what", what, fields));
    }

    /// <summary>Those that were not refused, as one with a token from before a reset is.</summary>
    internal static Json Taken(string kind, int count = 1)
    {
        return Records(kind + "&status=200", count);
    }

    /// <summary>The records of one kind since the claim began, once there are so many.</summary>
    internal static Json Records(string kind, int count = 1)
    {
        var records = Get($"records?kind={kind}&since={seen}&count={count}&wait=20000");
        Check.That(records.Count("/records") >= count, $"{count} records of kind {kind}");
        return records;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
    }

    private static Dictionary<string, object> Fields(string name, string value, object[] pairs)
    {
        var fields = new Dictionary<string, object> { [name] = value };
        for (var index = 0; index < pairs.Length; index += 2)
        {
            fields[(string)pairs[index]] = pairs[index + 1];
        }
        return fields;
    }

    private static Json Order(string path, Dictionary<string, object> body)
    {
        return Ask("POST", path, Json.From(body).ToString());
    }

    private static Json Get(string path)
    {
        return Ask("GET", path, "");
    }

    /// <summary>HTTP by hand: what a class library brings for it differs between the runtimes.</summary>
    private static Json Ask(string method, string path, string body)
    {
        using (var connection = new TcpClient(control.Host, control.Port))
        using (var stream = connection.GetStream())
        {
            var payload = Encoding.UTF8.GetBytes(body);
            var head = Encoding.ASCII.GetBytes(
                $"{method} {control.AbsolutePath}{path} HTTP/1.0\r\nHost: {control.Authority}\r\n"
                    + $"Content-Type: application/json\r\nContent-Length: {payload.Length}\r\n\r\n");
            stream.Write(head, 0, head.Length);
            stream.Write(payload, 0, payload.Length);
            var answer = new StreamReader(stream, Encoding.UTF8).ReadToEnd();
            Check.Contains(" 200 ", answer.Substring(0, answer.IndexOf('\r')));
            return new Json(answer.Substring(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4));
        }
    }
}
