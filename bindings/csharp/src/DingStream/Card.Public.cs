using System.Collections.Generic;

namespace DingStream
{
    /// <summary>The templates that DingTalk publishes for everyone.</summary>
    public sealed partial class Card
    {
        /// <summary>Markdown with a title.</summary>
        /// <param name="title">The title, or <c>null</c>.</param>
        /// <param name="markdown">The text.</param>
        /// <param name="logo">A media id, or <c>null</c>.</param>
        /// <returns>A card.</returns>
        public static Card Markdown(string title, string markdown, string logo = null)
        {
            return Public("markdown", title, markdown, logo, Parts.None);
        }

        /// <summary>Markdown with buttons.</summary>
        /// <param name="title">The title, or <c>null</c>.</param>
        /// <param name="markdown">The text.</param>
        /// <param name="buttons">The buttons.</param>
        /// <param name="tips">What stands below the text, or <c>null</c>.</param>
        /// <param name="logo">A media id, or <c>null</c>.</param>
        /// <returns>A card.</returns>
        public static Card MarkdownButtons(
            string title, string markdown, IEnumerable<CardButton> buttons, string tips = null, string logo = null)
        {
            var more = Parts.None.WithAny("tips", tips).WithAny("buttons", CardButton.Listed(buttons));
            return Public("markdown_buttons", title, markdown, logo, more);
        }

        /// <summary>What an AI has written, with buttons. <see cref="CardSession"/> writes into such a card.</summary>
        /// <param name="title">The title, or <c>null</c>.</param>
        /// <param name="markdown">The text.</param>
        /// <param name="buttons">The buttons, or <c>null</c>.</param>
        /// <param name="logo">A media id, or <c>null</c>.</param>
        /// <returns>A card.</returns>
        public static Card AiMarkdown(
            string title, string markdown, IEnumerable<CardButton> buttons = null, string logo = null)
        {
            var more = Parts.None.WithAny("buttons", CardButton.Listed(buttons));
            return Public("ai_markdown", title, markdown, logo, more);
        }

        /// <summary>
        /// Pictures, one of which is chosen by the button below them: its click comes as the action
        /// <c>image_slider_select_button</c>.
        /// </summary>
        /// <param name="title">The title, or <c>null</c>.</param>
        /// <param name="markdown">The text.</param>
        /// <param name="slides">The pictures.</param>
        /// <param name="button">What the button says, or <c>null</c> for none.</param>
        /// <param name="logo">A media id, or <c>null</c>.</param>
        /// <returns>A card.</returns>
        public static Card Carousel(
            string title, string markdown, IEnumerable<Slide> slides, string button = null, string logo = null)
        {
            var more = Parts.None.WithAny("slides", Slide.Listed(slides)).WithAny("button", button);
            return Public("carousel", title, markdown, logo, more);
        }

        private static Card Public(string template, string title, string markdown, string logo, Parts more)
        {
            var data = more.WithAny("title", title).WithAny("markdown", markdown).WithAny("logo", logo);
            return new Card(Parts.None.With("template", template).With("data", data));
        }
    }
}
