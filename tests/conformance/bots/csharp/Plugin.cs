using System.Collections.Generic;
using System.Threading.Tasks;
using DingStream;

/// <summary>A plugin of an assistant.</summary>
internal static class Plugin
{
    internal static void Graph()
    {
        using (var client = Bot.Make())
        {
            client.OnGraph(async request =>
            {
                Report.Handled();
                await Tell(request);
                var body = new Dictionary<string, object> { ["echo"] = request.Method };
                return GraphResponse.Of(body, 201).Header("x-trace", "t");
            });
            client.Run();
        }
    }

    private static async Task Tell(GraphRequest request)
    {
        if (request.Uri == "/reply")
        {
            var result = await request.ReplyAsync(Message.Markdown("echo", "**hi**"));
            Report.Say("replied", result.Text("/via"));
            return;
        }
        Report.Say("graph", new Dictionary<string, object>
        {
            ["method"] = request.Method,
            ["uri"] = request.Uri,
            ["body"] = request.Body,
            ["pluginId"] = request.PluginId,
        });
    }
}
