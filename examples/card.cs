// An AI card that types its answer, with a button whose click gets a response.

using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using DingStream;

internal static class Typist
{
    private static void Main()
    {
        using (var client = new Client(Variable("DINGTALK_CLIENT_ID"), Variable("DINGTALK_CLIENT_SECRET")))
        {
            client.OnMessage(async message =>
            {
                using (var card = message.Card("Thinking…"))
                {
                    foreach (var word in Model(message.Text))
                    {
                        card.Push(await word);
                    }
                    card.Button("Helpful", id: "helpful");
                    await card.FinishAsync();
                }
            });
            client.OnCard(click => new CardResponse().Value("msgTitle", "Thank you!"));
            client.Run();
        }
    }

    // Stands for a model, which takes its time for each word.
    private static IEnumerable<Task<string>> Model(string question)
    {
        foreach (var word in $"You asked: **{question}**. Let me think about that.".Split(' '))
        {
            yield return Task.Delay(100).ContinueWith(_ => word + " ");
        }
    }

    private static string Variable(string name)
    {
        return Environment.GetEnvironmentVariable(name) ?? "";
    }
}
