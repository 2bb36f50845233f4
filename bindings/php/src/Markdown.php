<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Exception\ArgumentException;
use DingStream\Internal\Native;
use DingStream\Internal\Tables;

/**
 * Helps with DingTalk's subset of markdown. A text that is not UTF-8 is an ArgumentException.
 */
final class Markdown
{
    private function __construct()
    {
    }

    /**
     * The text as it stands, whatever signs it holds.
     *
     * @throws ArgumentException so for every helper
     */
    public static function escape(#[\SensitiveParameter] string $text): string
    {
        return self::made('escape', $text);
    }

    /**
     * A mention as a text shows it; `atMobiles` or `atUserIds` of the message makes it one.
     *
     * @param string $who A mobile number or a user id.
     */
    public static function mention(#[\SensitiveParameter] string $who): string
    {
        return self::made('mention', $who);
    }

    /**
     * An image.
     *
     * @param string $photo Its URL or media id.
     */
    public static function image(#[\SensitiveParameter] string $photo): string
    {
        return self::made('image', $photo);
    }

    /**
     * The address that opens a URL in DingTalk's side panel or in the browser, for links of any message.
     *
     * @param 'panel'|'browser' $place
     */
    public static function link(#[\SensitiveParameter] string $url, string $place): string
    {
        return self::made('link', $url, Tables::number('place', Tables::PLACES, $place));
    }

    /**
     * Turns what DingTalk does not render into what it does: tables into lists, fenced code into quotes. Everything
     * else stays byte for byte.
     */
    public static function fit(#[\SensitiveParameter] string $text): string
    {
        return self::made('fit', $text);
    }

    /**
     * Cuts a long text into parts: between blocks where it can, else between lines, else between words. A fence that is
     * cut is closed and opened again.
     *
     * @param int $bytes How long a part is at most; 64 or more.
     *
     * @return list<string>
     */
    public static function split(#[\SensitiveParameter] string $text, int $bytes): array
    {
        return self::made('split', $text, \max(0, $bytes));
    }

    private static function made(string $helper, #[\SensitiveParameter] string $text, int ...$more): mixed
    {
        return Native::get()->told("markdown_$helper", $text, \strlen($text), ...$more);
    }
}
