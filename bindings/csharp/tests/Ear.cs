using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using DingStream;

/// <summary>
/// Hears all that is told, as whoever logs or looks at a value would see it: by ToString and by its public properties.
/// </summary>
internal sealed class Ear
{
    /// <summary>Every planted secret has it somewhere inside.</summary>
    private const string Mark = "planted";

    private const int MaxDepth = 3;

    /// <summary>What a delivery is read by shows what a person wrote, and has to.</summary>
    private static readonly string[] Payload = { "Data", "Json", "Headers" };

    private readonly ConcurrentQueue<string> told = new ConcurrentQueue<string>();
    private readonly ConcurrentQueue<string> secrets = new ConcurrentQueue<string>(new[] { Mark });

    internal void Keep(string secret)
    {
        secrets.Enqueue(secret);
    }

    internal void Hear(params object[] values)
    {
        foreach (var value in values)
        {
            Hear(value, 0);
        }
    }

    /// <summary>Hears what is thrown, and insists on it.</summary>
    internal void Fails(Func<object> work)
    {
        Hear(Check.Throws<Exception>(() => { work(); }));
    }

    /// <summary>Hears what comes of a task.</summary>
    internal async Task Outcome(Task task)
    {
        Hear(task);
        try
        {
            await task;
            Hear((task as Task<Json>)?.Result);
        }
        catch (Exception error)
        {
            Hear(error);
        }
    }

    internal bool HasHeard(string part)
    {
        return told.Any(text => text.Contains(part));
    }

    internal void Confess(params string[] expected)
    {
        foreach (var part in expected)
        {
            // Records come in their own time.
            Check.That(Check.Comes(() => HasHeard(part)), $"\"{part}\" was to be told, or this claim proves nothing");
        }
        var leaks = told.Where(text => secrets.Any(text.Contains));
        Check.Equal("", string.Join("\n", leaks));
    }

    private void Hear(object value, int depth)
    {
        told.Enqueue($"{value}");
        if (value == null || value is string || value.GetType().IsPrimitive || depth > MaxDepth)
        {
            return;
        }
        foreach (var property in value.GetType().GetProperties().Where(property => IsShown(value, property)))
        {
            Hear(Read(value, property), depth + 1);
        }
        foreach (var one in value as IEnumerable ?? new object[0])
        {
            Hear(one, depth + 1);
        }
    }

    private static bool IsShown(object value, PropertyInfo property)
    {
        if (property.GetIndexParameters().Length > 0 || value is Task || value is Type || value is MemberInfo)
        {
            return false;
        }
        var isView = value is Delivery && !(value is StateChange) && property.DeclaringType != typeof(Delivery);
        return !isView && !(value is Delivery && Payload.Contains(property.Name));
    }

    private static object Read(object value, PropertyInfo property)
    {
        try
        {
            return property.GetValue(value, null);
        }
        catch (TargetInvocationException error)
        {
            return error.InnerException;
        }
    }
}
