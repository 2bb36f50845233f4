<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * Can't be cloned: what it holds is freed once.
 *
 * @internal
 */
trait Single
{
    private function __clone()
    {
    }
}
