<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Exception\DingStreamException;
use FFI\CData;

/**
 * What a delivery can be settled with, and the native library writes.
 *
 * @internal
 */
interface Response
{
    /**
     * A document that the caller frees.
     *
     * @throws DingStreamException an ArgumentException where it can't be written
     */
    public function toNative(Native $native): CData;
}
