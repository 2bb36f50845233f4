<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Exception\FfiDisabledException;
use DingStream\Exception\LibraryException;

/**
 * Finds and loads the native library, and says what is wrong where that fails.
 *
 * @internal
 */
final class Library
{
    private const FOLDER = __DIR__ . '/../../lib';

    public static function load(): \FFI
    {
        if (!\extension_loaded('ffi')) {
            throw new FfiDisabledException(
                'config',
                'PHP runs without the extension FFI',
                'install it (php-ffi, or docker-php-ext-install ffi) and set extension=ffi in php.ini'
            );
        }
        $header = @\file_get_contents(self::FOLDER . '/dingstream.ffi.h');
        if ($header === false) {
            throw new LibraryException(
                'config',
                'lib/dingstream.ffi.h is missing from the package',
                'install the package again'
            );
        }
        $failures = [];
        foreach (self::candidates() as $path) {
            try {
                return self::checked(\FFI::cdef($header, $path), $path);
            } catch (\FFI\Exception $failure) {
                self::refuseRestriction($failure);
                $failures[] = "$path (" . self::reason($path, $failure) . ')';
            }
        }
        throw new LibraryException(
            'config',
            \sprintf(
                'the native library can\'t be loaded on %s with %s; tried %s',
                Platform::name(),
                Platform::libc(),
                \implode(', ', $failures)
            ),
            'install a package that holds the library for this platform,'
                . ' or build it and name it in the environment variable DINGSTREAM_LIBRARY'
        );
    }

    /**
     * @return non-empty-list<string>
     */
    private static function candidates(): array
    {
        $named = \getenv('DINGSTREAM_LIBRARY');
        if (\is_string($named) && $named !== '') {
            return [$named];
        }
        return [\dirname(__DIR__, 2) . '/lib/' . Platform::name() . '/libdingstream.so'];
    }

    private static function checked(\FFI $ffi, string $path): \FFI
    {
        [$wanted, $found] = [$ffi->DINGSTREAM_ABI_VERSION, $ffi->dingstream_abi_version()];
        if ($wanted !== $found) {
            throw new LibraryException(
                'config',
                "$path speaks version $found of the C ABI and this package version $wanted",
                'install the package and the library of the same release'
            );
        }
        return $ffi;
    }

    private static function refuseRestriction(\FFI\Exception $failure): void
    {
        if (\str_contains($failure->getMessage(), 'ffi.enable')) {
            throw new FfiDisabledException(
                'config',
                'PHP restricts FFI here (ffi.enable = ' . \ini_get('ffi.enable') . ', ' . \PHP_SAPI . ')',
                'set ffi.enable=true in php.ini, or keep ffi.enable=preload and'
                    . ' set opcache.preload to this package\'s preload.php'
            );
        }
    }

    private static function reason(string $path, \FFI\Exception $failure): string
    {
        if (\str_contains($path, '/') && !\is_file($path)) {
            return 'no such file';
        }
        return \lcfirst($failure->getMessage());
    }
}
