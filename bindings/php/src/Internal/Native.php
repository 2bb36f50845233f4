<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Card;
use DingStream\Exception\DingStreamException;
use DingStream\Message;
use FFI\CData;

/**
 * The native library: what is called in it, with its errors thrown and its values as PHP's own.
 *
 * @internal
 */
final class Native
{
    use Opaque;

    /** What is trimmed, alike in every language. */
    private const AROUND = " \t\r\n";

    private static ?self $loaded = null;

    /** Where a reader puts the length of a text: made once, since memory costs more than the call. */
    private readonly CData $length;

    /**
     * @param \FFI $ffi The functions of the C ABI, by their names.
     */
    private function __construct(public readonly \FFI $ffi)
    {
        $this->length = $ffi->new('size_t[1]');
    }

    public static function get(): self
    {
        return self::$loaded ??= new self(Library::load());
    }

    /**
     * Throws an error that a function returned, and frees it.
     */
    public function check(?CData $error): void
    {
        if ($error !== null) {
            throw $this->exception($error);
        }
    }

    /**
     * The exception that an error stands for; the error is freed.
     */
    public function exception(CData $error): DingStreamException
    {
        $ffi = $this->ffi;
        $number = $ffi->dingstream_error_kind($error);
        $class = Tables::EXCEPTIONS[$number] ?? DingStreamException::class;
        $scopes = $ffi->dingstream_error_required_scopes($error);
        try {
            return new $class(
                Tables::ERROR_KINDS[$number] ?? 'unknown',
                $ffi->dingstream_error_message($error),
                $ffi->dingstream_error_hint($error),
                $ffi->dingstream_error_stage($error),
                $ffi->dingstream_error_http_status($error),
                $ffi->dingstream_error_platform_code($error),
                $ffi->dingstream_error_request_id($error),
                $ffi->dingstream_error_retryable($error),
                $ffi->dingstream_error_support_text($error),
                $scopes === '' ? [] : \explode(',', $scopes)
            );
        } finally {
            $ffi->dingstream_error_free($error);
        }
    }

    /**
     * A place for a function to put a handle of this type, read with `[0]`.
     */
    public function out(string $type): CData
    {
        return $this->ffi->new("dingstream_$type *[1]");
    }

    /**
     * A JSON document of the native library; the caller frees it.
     */
    public function parse(#[\SensitiveParameter] string $text): CData
    {
        return $this->document('json_parse', $text);
    }

    /**
     * A message of the native library, which takes it back with whatever sends it.
     */
    public function message(Message $message): CData
    {
        return $this->built('message', 'message_from_json', $message->toJson());
    }

    /**
     * A card of the native library, which takes it back with whatever sends it.
     */
    public function card(Card $card): CData
    {
        return $this->built('card', 'card_from_json', $card->toJson());
    }

    /**
     * A JSON document that a function of this name makes of texts; the caller frees it.
     */
    public function document(string $function, #[\SensitiveParameter] string ...$texts): CData
    {
        return $this->built('json', $function, ...$texts);
    }

    /**
     * Each text with its length.
     *
     * @return list<string|int>
     */
    public static function texts(#[\SensitiveParameter] string ...$texts): array
    {
        return \array_merge(...\array_map(static fn (string $text) => [$text, \strlen($text)], $texts));
    }

    /**
     * What a function of this name tells in a JSON document, its last argument.
     */
    public function told(string $function, #[\SensitiveParameter] CData|string|int ...$arguments): mixed
    {
        $json = $this->out('json');
        $name = "dingstream_$function";
        $this->check($this->ffi->$name(...$arguments, ...[$json]));
        try {
            return Json::decode($this->whole('json_raw', $json[0], '', 0) ?? 'null');
        } finally {
            $this->ffi->dingstream_json_free($json[0]);
        }
    }

    /**
     * What stands at a JSON pointer, or null where there is nothing of that kind; of `Json` and `List` its JSON text.
     */
    public function read(FieldKind $kind, CData $json, string $pointer): string|int|bool|null
    {
        switch ($kind) {
            case FieldKind::Text:
                return $this->text($json, $pointer);
            case FieldKind::Trimmed:
                $text = $this->text($json, $pointer);
                return $text === null ? null : \trim($text, self::AROUND);
            case FieldKind::Int:
                return $this->unlessAbsent('dingstream_json_int', $json, $pointer, 0, 1);
            case FieldKind::Bool:
                return $this->unlessAbsent('dingstream_json_bool', $json, $pointer, false, true);
            case FieldKind::Json:
            case FieldKind::List:
                return $this->decodable($json, $pointer);
        }
    }

    /**
     * A handle of this type that a function of this name makes of texts.
     */
    private function built(string $type, string $function, #[\SensitiveParameter] string ...$texts): CData
    {
        [$built, $name] = [$this->out($type), "dingstream_$function"];
        $this->check($this->ffi->$name(...[...self::texts(...$texts), $built]));
        return $built[0];
    }

    /**
     * What `whole` does, without its detours: nearly every handler reads a text.
     */
    private function text(CData $json, string $pointer): ?string
    {
        $text = $this->ffi->dingstream_json_text($json, $pointer, \strlen($pointer), $this->length);
        if ($text === null || \strlen($text) === $this->length[0]) {
            return $text;
        }
        return $this->whole('json_text', $json, $pointer, \strlen($pointer));
    }

    /**
     * Where nothing is read, two fallbacks come back as two values.
     */
    private function unlessAbsent(string $reader, CData $json, string $pointer, mixed $one, mixed $other): mixed
    {
        $found = $this->ffi->$reader($json, $pointer, \strlen($pointer), $one);
        if ($found === $one && $this->ffi->$reader($json, $pointer, \strlen($pointer), $other) === $other) {
            return null;
        }
        return $found;
    }

    /**
     * The first read gives the text as it came, and PHP refuses half a surrogate pair in it; a second one gives it
     * mended.
     */
    private function decodable(CData $json, string $pointer): ?string
    {
        $raw = $this->whole('json_raw', $json, $pointer, \strlen($pointer));
        if ($raw !== null && \str_contains($raw, '\\u') && \json_decode($raw) === null) {
            return $this->whole('json_raw', $json, $pointer, \strlen($pointer));
        }
        return $raw;
    }

    /**
     * A text that a function lends. PHP ends it at a NUL; where there is one, it is read again by its length.
     */
    public function whole(string $function, CData|string|int ...$arguments): ?string
    {
        $name = "dingstream_$function";
        $text = $this->ffi->$name(...$arguments, ...[$this->length]);
        if ($text === null || \strlen($text) === $this->length[0]) {
            return $text;
        }
        $types = \array_map(static fn ($value) => match (true) {
            \is_string($value) => 'const char *',
            \is_int($value) => 'size_t',
            default => 'const void *',
        }, $arguments);
        $read = $this->ffi->cast('char *(*)(' . \implode(', ', $types) . ', size_t *)', $this->ffi->$name);
        return \FFI::string($read(...$arguments, ...[$this->length]), $this->length[0]);
    }
}
