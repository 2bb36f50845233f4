<?php

declare(strict_types=1);

namespace DingStream\Exception;

/**
 * PHP may not use FFI here. The message says what to set.
 */
class FfiDisabledException extends ConfigException
{
}
