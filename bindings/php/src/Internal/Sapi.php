<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * What it means for this package how PHP runs.
 *
 * @internal
 */
final class Sapi
{
    /** Those that answer a request, which must not wait for a minute. */
    private const SERVING = ['fpm-fcgi', 'cgi-fcgi'];

    /**
     * What becomes of more than twenty messages in a minute, where the program does not say.
     *
     * @return 'wait'|'drop'
     */
    public static function overflow(string $sapi = \PHP_SAPI): string
    {
        return \in_array($sapi, self::SERVING, true) ? 'drop' : 'wait';
    }
}
