<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * What a field of a view reads as.
 *
 * @internal
 */
enum FieldKind
{
    case Text;
    case Trimmed;
    case Int;
    case Bool;
    case Json;
    case List;
}
