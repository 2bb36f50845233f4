<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * The machine that this runs on, named as the folders of the native libraries are.
 *
 * @internal
 */
final class Platform
{
    private const MACHINES = ['x86_64' => 'x64', 'amd64' => 'x64', 'aarch64' => 'arm64', 'arm64' => 'arm64'];

    /**
     * Such as `linux-x64-gnu`.
     */
    public static function name(): string
    {
        $machine = \php_uname('m');
        $name = \strtolower(\PHP_OS_FAMILY) . '-' . (self::MACHINES[\strtolower($machine)] ?? $machine);
        return \PHP_OS_FAMILY === 'Linux' ? $name . '-' . (self::isMusl() ? 'musl' : 'gnu') : $name;
    }

    /**
     * The C library with its version where that can be told.
     */
    public static function libc(): string
    {
        if (\PHP_OS_FAMILY !== 'Linux') {
            return 'the system\'s C library';
        }
        try {
            $libc = \FFI::cdef('const char *gnu_get_libc_version(void);');
            return 'glibc ' . $libc->gnu_get_libc_version();
        } catch (\Throwable) {
            return self::isMusl() ? 'musl' : 'an unknown C library';
        }
    }

    private static function isMusl(): bool
    {
        return \glob('/lib/ld-musl-*') !== [];
    }
}
