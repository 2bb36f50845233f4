using System.Collections.Generic;
using System.Linq;

namespace DingStream
{
    /// <summary>A button of an action card; it never changes.</summary>
    public sealed class Button
    {
        /// <summary>A button.</summary>
        /// <param name="title">What it says.</param>
        /// <param name="url">What it opens.</param>
        public Button(string title, string url)
        {
            Title = title;
            Url = url;
        }

        /// <summary>What it says.</summary>
        public string Title { get; }

        /// <summary>What it opens.</summary>
        public string Url { get; }

        internal static object Parts(IEnumerable<Button> buttons)
        {
            return buttons?.Select(button => new Dictionary<string, object>
            {
                ["title"] = button.Title,
                ["url"] = button.Url,
            }).ToArray();
        }
    }

    /// <summary>A link of a feed card; it never changes.</summary>
    public sealed class Entry
    {
        /// <summary>A link.</summary>
        /// <param name="title">Its headline.</param>
        /// <param name="url">What it opens.</param>
        /// <param name="picture">Its picture: a URL or a media id.</param>
        public Entry(string title, string url, string picture)
        {
            Title = title;
            Url = url;
            Picture = picture;
        }

        /// <summary>Its headline.</summary>
        public string Title { get; }

        /// <summary>What it opens.</summary>
        public string Url { get; }

        /// <summary>Its picture: a URL or a media id.</summary>
        public string Picture { get; }

        internal static object Parts(IEnumerable<Entry> entries)
        {
            return entries?.Select(entry => new Dictionary<string, object>
            {
                ["title"] = entry.Title,
                ["url"] = entry.Url,
                ["picture"] = entry.Picture,
            }).ToArray();
        }
    }
}
