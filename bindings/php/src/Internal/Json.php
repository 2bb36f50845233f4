<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Exception\ArgumentException;

/**
 * JSON as this package writes and reads it: objects become arrays, and no number loses a digit.
 *
 * @internal
 */
final class Json
{
    private const WRITE = \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_PRESERVE_ZERO_FRACTION
        | \JSON_THROW_ON_ERROR;

    public static function encode(#[\SensitiveParameter] mixed $value): string
    {
        try {
            return \json_encode($value, self::WRITE);
        } catch (\JsonException $error) {
            $reason = \lcfirst($error->getMessage());
            throw new ArgumentException('argument', "a value can't be written as JSON ($reason)");
        }
    }

    /**
     * An object, also where it is empty.
     *
     * @param array<string, mixed> $values
     */
    public static function object(#[\SensitiveParameter] array $values): string
    {
        return self::encode((object) $values);
    }

    /**
     * The value of a JSON text, or null where it is none.
     */
    public static function decode(#[\SensitiveParameter] string $text): mixed
    {
        return \json_decode($text, true, 512, \JSON_BIGINT_AS_STRING);
    }

    /**
     * What a handler returned, as the response that it stands for.
     */
    public static function response(#[\SensitiveParameter] mixed $value): string
    {
        if (\is_resource($value) || (\is_object($value) && !self::isWritable($value))) {
            $type = \get_debug_type($value);
            throw new ArgumentException('argument', "a handler returned $type, which is no JSON value");
        }
        return self::encode($value);
    }

    private static function isWritable(object $value): bool
    {
        return $value instanceof \JsonSerializable || $value instanceof \stdClass || $value instanceof \BackedEnum;
    }
}
