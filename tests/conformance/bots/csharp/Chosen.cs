using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text.RegularExpressions;
using DingStream;

/// <summary>The options that the scenario chose, set on the properties of their names.</summary>
internal static class Chosen
{
    internal static void Apply(ClientOptions options)
    {
        var chosen = new Json(Environment.GetEnvironmentVariable("DINGSTREAM_BOT_OPTIONS") ?? "{}");
        var left = chosen.Count("");
        foreach (var property in typeof(ClientOptions).GetProperties())
        {
            var suffix = property.PropertyType == typeof(TimeSpan) ? "_ms" : "";
            var pointer = "/" + Report.Snake(property.Name) + suffix;
            if (chosen.Raw(pointer) != null)
            {
                property.SetValue(options, Read(chosen, pointer, property.PropertyType));
                left--;
            }
        }
        if (left > 0)
        {
            throw new InvalidOperationException("the scenario chose an option that ClientOptions does not have");
        }
    }

    private static object Read(Json chosen, string pointer, Type type)
    {
        if (type == typeof(TimeSpan))
        {
            return TimeSpan.FromMilliseconds(chosen.Int(pointer).Value);
        }
        if (type == typeof(long))
        {
            return chosen.Int(pointer).Value;
        }
        if (type == typeof(bool))
        {
            return chosen.Bool(pointer).Value;
        }
        if (type.IsEnum)
        {
            return Enum.Parse(type, chosen.Text(pointer).Replace("_", ""), true);
        }
        if (type == typeof(IDictionary<string, string>))
        {
            return Map(chosen, pointer);
        }
        if (type == typeof(string))
        {
            return chosen.Text(pointer);
        }
        return type.IsAssignableFrom(typeof(string[])) ? List(chosen, pointer) : Converted(chosen.Text(pointer), type);
    }

    /// <summary>What is no text itself, but can be assigned from one: a secret.</summary>
    private static object Converted(string text, Type type)
    {
        return type.GetMethod("op_Implicit", new[] { typeof(string) }).Invoke(null, new object[] { text });
    }

    private static string[] List(Json chosen, string pointer)
    {
        var list = new string[chosen.Count(pointer)];
        for (var index = 0; index < list.Length; index++)
        {
            list[index] = chosen.Text(pointer + "/" + index);
        }
        return list;
    }

    /// <summary>A document is read by pointer, so the names of a map are found in its text. Its values are texts too.</summary>
    private static Dictionary<string, string> Map(Json chosen, string pointer)
    {
        const string Text = @"(""(?:[^""\\]|\\.)*"")";
        var map = new Dictionary<string, string>();
        foreach (Match entry in Regex.Matches(chosen.Raw(pointer), Text + @"\s*:\s*" + Text))
        {
            map[new Json(entry.Groups[1].Value).Text("")] = new Json(entry.Groups[2].Value).Text("");
        }
        return map;
    }
}
