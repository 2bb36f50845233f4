using System;
using System.Collections.Generic;
using System.Linq;

namespace DingStream
{
    /// <summary>A button of a card of a public template; it never changes.</summary>
    public sealed class CardButton
    {
        private readonly Parts parts;

        private CardButton(Parts parts)
        {
            this.parts = parts;
        }

        /// <summary>A button that opens a link.</summary>
        /// <param name="text">What it says.</param>
        /// <param name="url">What it opens.</param>
        /// <returns>A button.</returns>
        public static CardButton Link(string text, string url)
        {
            return Of(text, "url", url);
        }

        /// <summary>A button whose click comes to the handler of cards.</summary>
        /// <param name="text">What it says.</param>
        /// <param name="id">The action that its click comes with.</param>
        /// <returns>A button.</returns>
        public static CardButton Action(string text, string id)
        {
            return Of(text, "id", id);
        }

        /// <summary>The same button in a colour.</summary>
        /// <param name="color">The colour, such as <c>blue</c>.</param>
        /// <returns>A new button.</returns>
        public CardButton Color(string color)
        {
            return new CardButton(parts.With("color", color));
        }

        internal static object Listed(IEnumerable<CardButton> buttons)
        {
            return buttons?.Select(button => button.parts.ToObject()).ToArray();
        }

        private static CardButton Of(string text, string does, string what)
        {
            return new CardButton(Parts.None
                .With("text", text ?? throw new ArgumentNullException(nameof(text)))
                .With(does, what ?? throw new ArgumentNullException(does)));
        }
    }

    /// <summary>A picture of a carousel; it never changes.</summary>
    public sealed class Slide
    {
        /// <summary>A picture.</summary>
        /// <param name="title">Its title.</param>
        /// <param name="image">A URL or a media id.</param>
        public Slide(string title, string image)
        {
            Title = title;
            Image = image;
        }

        /// <summary>Its title.</summary>
        public string Title { get; }

        /// <summary>A URL or a media id.</summary>
        public string Image { get; }

        internal static object Listed(IEnumerable<Slide> slides)
        {
            return slides?.Select(slide => new Dictionary<string, object>
            {
                ["title"] = slide.Title,
                ["image"] = slide.Image,
            }).ToArray();
        }
    }
}
