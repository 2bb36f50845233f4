<?php

declare(strict_types=1);

namespace DingStream\Exception;

/**
 * The native library can't be loaded. The message names the platform, what was tried and the remedy.
 */
class LibraryException extends ConfigException
{
}
