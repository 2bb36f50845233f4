<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Internal\Hidden;
use DingStream\Internal\Json;

/**
 * A card to create: a template, values for its variables, and the spaces where it appears. A card is a value: what
 * changes it gives another one.
 */
final class Card
{
    private readonly Hidden $fields;

    /**
     * @param array<string, mixed> $fields
     */
    private function __construct(#[\SensitiveParameter] array $fields)
    {
        $this->fields = new Hidden($fields);
    }

    /**
     * A card of a template of your own.
     *
     * @param string $template Its id, from the card platform.
     * @param array<string, mixed> $data Values of its variables, of any type.
     */
    public static function of(string $template, #[\SensitiveParameter] array $data = []): self
    {
        return new self(['template' => $template, 'data' => $data]);
    }

    /**
     * Markdown with a title: a template that DingTalk publishes for everyone, as are the following.
     *
     * @param string $logo A media id; so for every template.
     */
    public static function markdown(
        #[\SensitiveParameter]
        string $title = '',
        #[\SensitiveParameter]
        string $markdown = '',
        string $logo = ''
    ): self {
        return self::public('markdown', ['title' => $title, 'markdown' => $markdown, 'logo' => $logo]);
    }

    /**
     * Markdown with buttons.
     *
     * @param list<array{text: string, url?: string, id?: string, color?: string}> $buttons Each opens a url, or its
     *     click comes as a card action with its id; so for every template.
     * @param string $tips What stands below.
     */
    public static function markdownButtons(
        #[\SensitiveParameter]
        string $title = '',
        #[\SensitiveParameter]
        string $markdown = '',
        #[\SensitiveParameter]
        array $buttons = [],
        #[\SensitiveParameter]
        string $tips = '',
        string $logo = ''
    ): self {
        return self::public('markdown_buttons', [
            'title' => $title,
            'markdown' => $markdown,
            'buttons' => $buttons,
            'tips' => $tips,
            'logo' => $logo,
        ]);
    }

    /**
     * What an AI wrote, as a CardSession ends it.
     *
     * @param list<array{text: string, url?: string, id?: string, color?: string}> $buttons
     */
    public static function aiMarkdown(
        #[\SensitiveParameter]
        string $title = '',
        #[\SensitiveParameter]
        string $markdown = '',
        #[\SensitiveParameter]
        array $buttons = [],
        string $logo = ''
    ): self {
        return self::public('ai_markdown', [
            'title' => $title,
            'markdown' => $markdown,
            'buttons' => $buttons,
            'logo' => $logo,
        ]);
    }

    /**
     * Pictures to choose one of.
     *
     * @param list<array{title?: string, image: string}> $slides The pictures, by their media ids.
     * @param string $button What the button says that chooses the picture above it.
     */
    public static function carousel(
        #[\SensitiveParameter]
        string $title = '',
        #[\SensitiveParameter]
        string $markdown = '',
        #[\SensitiveParameter]
        array $slides = [],
        #[\SensitiveParameter]
        string $button = '',
        string $logo = ''
    ): self {
        return self::public('carousel', [
            'title' => $title,
            'markdown' => $markdown,
            'slides' => $slides,
            'button' => $button,
            'logo' => $logo,
        ]);
    }

    /**
     * The id that it is updated by and that its actions name; no other card may have had it. Unless it is set, the
     * card gets one of its own.
     */
    public function trackId(string $id): self
    {
        return $this->set('track_id', $id);
    }

    /**
     * What one user sees of private variables.
     *
     * @param string $user The user id (staff id).
     * @param array<string, mixed> $values
     */
    public function privateData(string $user, #[\SensitiveParameter] array $values): self
    {
        return $this->set('private_data', [$user => (object) $values] + ($this->fields->value()['private_data'] ?? []));
    }

    /**
     * One more space where it appears.
     */
    public function space(Space $space): self
    {
        return $this->set('spaces', [...$this->fields->value()['spaces'] ?? [], $space->toArray()]);
    }

    /**
     * What the conversation list shows.
     *
     * @param string|array<string, string> $text One for all, or by language, such as `ZH_CN`.
     */
    public function lastMessage(#[\SensitiveParameter] string|array $text): self
    {
        return $this->set('last_message', \is_array($text) ? (object) $text : $text);
    }

    /**
     * What a notification says; false for none.
     */
    public function notification(#[\SensitiveParameter] string|false $text): self
    {
        return $this->set('notification', $text);
    }

    /**
     * How it is found.
     *
     * @param string $icon A media id.
     * @param string $kind The name of its kind.
     * @param string $description At most 200 characters.
     */
    public function search(
        string $icon,
        #[\SensitiveParameter]
        string $kind,
        #[\SensitiveParameter]
        string $description
    ): self {
        return $this->set('search', ['icon' => $icon, 'kind' => $kind, 'description' => $description]);
    }

    /**
     * Whether people may forward it; they may unless it is set.
     */
    public function forwardable(bool $may): self
    {
        return $this->set('forwardable', $may);
    }

    /**
     * Its actions go to the HTTP address that `cardRegisterCallback` of the client knows by this key, and not over
     * Stream.
     */
    public function callbackRoute(string $key): self
    {
        return $this->set('callback_route', $key);
    }

    /**
     * Any other field, as DingTalk spells it.
     *
     * @param mixed $value Any value that JSON can hold.
     */
    public function with(string $field, #[\SensitiveParameter] mixed $value): self
    {
        return $this->set($field, $value);
    }

    /**
     * The card as the native library takes it.
     *
     * @internal
     */
    public function toJson(): string
    {
        $fields = $this->fields->value();
        foreach (\array_intersect_key($fields, ['data' => true, 'private_data' => true]) as $name => $values) {
            $fields[$name] = (object) $values;
        }
        return Json::encode($fields);
    }

    /**
     * Shows the template and the id: the values are what people read, and belong in no log.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return \array_intersect_key($this->fields->value(), ['template' => true, 'track_id' => true]);
    }

    /**
     * @param array<string, mixed> $data
     */
    private static function public(string $template, #[\SensitiveParameter] array $data): self
    {
        $isGiven = static fn ($value) => $value !== '' && $value !== [];
        return self::of($template, \array_filter($data, $isGiven));
    }

    private function set(string $field, #[\SensitiveParameter] mixed $value): self
    {
        return new self([$field => $value] + $this->fields->value());
    }
}
