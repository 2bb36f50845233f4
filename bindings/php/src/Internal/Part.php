<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * Where a field of a view is read.
 *
 * @internal
 */
enum Part
{
    case Data;
    case Headers;
}
