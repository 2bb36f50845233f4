using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using DingStream;

public static class MarkdownClaims
{
    public static void What_a_text_shows_is_written_for_dingtalk()
    {
        Check.Equal("a\\*b\\_\\[c\\]", Markdown.Escape("a*b_[c]"));
        Check.Equal("@138", Markdown.Mention("138"));
        Check.Equal("![](@p)", Markdown.Image("@p"));
        Check.Contains("pc_slide=true", Markdown.Link("https://h/?a=b", Place.Panel));
        Check.Contains("pc_slide=false", Markdown.Link("https://h/?a=b", Place.Browser));
        Check.Equal("- **1** – b: 2\n", Markdown.Fit("| a | b |\n| --- | --- |\n| 1 | 2 |\n"));
    }

    public static void A_long_text_is_cut_into_parts_of_so_many_bytes()
    {
        var text = string.Join(" ", Enumerable.Repeat("中文", 40));
        var parts = Markdown.Split(text, 64);
        Check.That(parts.All(part => Encoding.UTF8.GetByteCount(part) <= 64), "no part is longer");
        Check.Equal(text.Replace(" ", ""), string.Concat(parts).Replace(" ", ""));
        Check.Equal("short", Markdown.Split("short", 20000).Single());
        Check.Equal(2, Markdown.Split(new string('x', 100), -1).Count);
    }

    public static void Whatever_stands_in_a_text_comes_back()
    {
        Check.Equal("a\0b 😀", Markdown.Fit("a\0b 😀"));
        Check.Equal("", Markdown.Escape(""));
        Check.Throws<ArgumentNullException>(() => Markdown.Escape(null));
        Check.Throws<DingStreamArgumentException>(() => Markdown.Link("https://h", (Place)9));
    }

    public static void Any_thread_may_ask()
    {
        Parallel.For(0, 100, index => Check.Equal("@" + index, Markdown.Mention(index.ToString())));
    }
}
