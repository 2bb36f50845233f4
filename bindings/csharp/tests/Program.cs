using System;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

/// <summary>
/// Runs the claims: public static methods of the classes whose name ends with Claims, each with a deadline. What is thrown
/// fails a claim. The last line is <c>N passed, M failed</c>.
/// </summary>
internal static class Program
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static int Main(string[] arguments)
    {
        int passed = 0, failed = 0;
        using (Simulator.Start())
        {
            foreach (var claim in typeof(Program).Assembly.GetTypes().Where(IsClaims).SelectMany(Methods))
            {
                if (arguments.Length > 0 && !arguments.Any(claim.Name.Contains))
                {
                    continue;
                }
                var error = Hold(claim);
                passed += error == null ? 1 : 0;
                failed += error == null ? 0 : 1;
                Console.WriteLine(error == null ? $"ok   {claim.Name}" : $"FAIL {claim.Name}: {error}");
            }
        }
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static bool IsClaims(Type type)
    {
        return type.Name.EndsWith("Claims", StringComparison.Ordinal);
    }

    private static MethodInfo[] Methods(Type type)
    {
        return type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
    }

    /// <summary>What is wrong, or null.</summary>
    private static Exception Hold(MethodInfo claim)
    {
        Simulator.Reset();
        Exception error = new TimeoutException("it took too long");
        // A thread of its own: a claim that hangs holds up nobody else.
        var thread = new Thread(() => error = Try(claim)) { IsBackground = true };
        thread.Start();
        thread.Join(Deadline);
        return error;
    }

    private static Exception Try(MethodInfo claim)
    {
        try
        {
            var task = claim.Invoke(null, null) as Task;
            if (task != null)
            {
                task.GetAwaiter().GetResult();
            }
            return null;
        }
        catch (TargetInvocationException error)
        {
            return error.InnerException;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
