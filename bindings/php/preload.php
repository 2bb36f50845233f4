<?php

/*
 * For php-fpm and other servers, where ffi.enable=preload allows FFI to preloaded code alone:
 *
 *     opcache.preload=/path/to/vendor/dingstream/dingstream/preload.php
 *     opcache.preload_user=www-data
 *
 * It loads this package's classes and nothing else, so that applications of the same server can still differ.
 */

declare(strict_types=1);

(static function (): void {
    $files = new RecursiveIteratorIterator(
        new RecursiveDirectoryIterator(__DIR__ . '/src', FilesystemIterator::SKIP_DOTS)
    );
    foreach ($files as $file) {
        if ($file->getExtension() === 'php') {
            opcache_compile_file($file->getPathname());
        }
    }
})();
