<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * Shows nothing of itself: what it holds points into the native library's memory, where texts of messages are.
 *
 * @internal
 */
trait Opaque
{
    /**
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return [];
    }
}
