<?php

declare(strict_types=1);

namespace DingStream;

/**
 * Returned from a handler: not now. An event comes again; everything else is answered as failed.
 */
final class Later
{
    /**
     * @param string $reason Why, told to DingTalk: it must hold no secret.
     */
    public function __construct(public readonly string $reason = 'later')
    {
    }
}
