using System;
using System.Collections.Generic;
using DingStream;

/// <summary>One small bot for every behaviour that the conformance suite knows.</summary>
internal static class Program
{
    private static readonly Dictionary<string, Action> Known = new Dictionary<string, Action>
    {
        ["answer"] = Settling.Answer,
        ["stats"] = Settling.Stats,
        ["later"] = Settling.Later,
        ["fail"] = Settling.Fail,
        ["silent"] = Settling.Silent,
        ["twice"] = Settling.Twice,
        ["card"] = Settling.Card,
        ["types"] = Settling.Types,
        ["echo"] = Replying.Echo,
        ["slow"] = Replying.Slow,
        ["gate"] = Replying.Gate,
        ["reply"] = Replying.Reply,
        ["two"] = Replying.Two,
        ["say"] = Saying.Say,
        ["stop"] = Living.Stop,
        ["restart"] = Living.Restart,
        ["start"] = Living.Start,
        ["iterate"] = Living.Iterate,
        ["read"] = Reading.Read,
        ["graph"] = Plugin.Graph,
        ["errors"] = Failing.Errors,
        ["media"] = Filing.Media,
        ["wait"] = Waiting.Wait,
        ["type"] = Typing.Type,
        ["cards"] = Carding.Cards,
    };

    private static int Main(string[] arguments)
    {
        var behaviour = arguments.Length == 1 ? arguments[0] : "";
        Action behave;
        if (!Known.TryGetValue(behaviour, out behave))
        {
            Console.Error.WriteLine($"there is no behaviour {behaviour}");
            return 2;
        }
        var code = 0;
        try
        {
            behave();
        }
        catch (DingStreamException error)
        {
            Report.Error(error);
            code = behaviour == "start" ? 3 : 1;
        }
        Report.End();
        return code;
    }
}
