using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

/// <summary>What the claims are made of.</summary>
internal static class Check
{
    internal static void Equal<T>(T expected, T found)
    {
        if (!Equals(expected, found))
        {
            throw new InvalidOperationException($"expected {expected}, found {found}");
        }
    }

    internal static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException("not so: " + what);
        }
    }

    internal static void Contains(string part, string whole)
    {
        That(whole.Contains(part), $"\"{part}\" in: {whole}");
    }

    /// <summary>Whether it comes to hold. For what has no event: it is looked at again and again, and others may work.</summary>
    internal static bool Comes(Func<bool> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!holds())
        {
            if (waited.ElapsedMilliseconds >= 20000)
            {
                return false;
            }
            Thread.Sleep(2);
        }
        return true;
    }

    internal static T Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T error)
        {
            return error;
        }
        throw new InvalidOperationException($"no {typeof(T).Name} was thrown");
    }

    internal static async Task<T> Throws<T>(Func<Task> action)
        where T : Exception
    {
        try
        {
            await action();
        }
        catch (T error)
        {
            return error;
        }
        throw new InvalidOperationException($"no {typeof(T).Name} was thrown");
    }
}
