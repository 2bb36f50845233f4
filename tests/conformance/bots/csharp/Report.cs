using System;
using System.Collections.Generic;
using System.Threading;
using DingStream;

/// <summary>What the bot says, as lines of JSON.</summary>
internal static class Report
{
    private static int handled;

    internal static void Handled()
    {
        Interlocked.Increment(ref handled);
    }

    internal static void End()
    {
        Say("handled", Volatile.Read(ref handled));
    }

    internal static void Error(DingStreamException error)
    {
        Error(error.Kind, error.PlatformCode);
    }

    internal static void Error(ErrorKind kind, string code = "")
    {
        Say(new Dictionary<string, object> { ["error"] = Snake(kind.ToString()), ["code"] = code });
    }

    internal static void Say(string name, object value)
    {
        Say(new Dictionary<string, object> { [name] = value });
    }

    internal static void Say(Dictionary<string, object> line)
    {
        var text = Json.From(line).ToString();
        lock (Console.Out)
        {
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }

    internal static Dictionary<string, object> Numbers(ClientStats stats)
    {
        var numbers = new Dictionary<string, object>();
        foreach (var property in typeof(ClientStats).GetProperties())
        {
            numbers[Snake(property.Name)] = property.GetValue(stats);
        }
        return numbers;
    }

    internal static string Snake(string name)
    {
        var text = "";
        foreach (var c in name)
        {
            text += char.IsUpper(c) && text.Length > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString();
        }
        return text;
    }
}
