<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\Internal\Platform;
use DingStream\Tests\Support\SimulatedTestCase;

final class LoadingTest extends SimulatedTestCase
{
    private const MAKE = <<<'PHP'
        try {
            new DingStream\Client('id', 'secret');
            echo 'made';
        } catch (DingStream\Exception\ConfigException $error) {
            echo (new ReflectionClass($error))->getShortName(), ': ', $error->getMessage();
        }
        PHP;

    public function testADisabledFfiSaysWhatToSet(): void
    {
        [$output] = self::php(self::MAKE, ['-d', 'ffi.enable=0']);
        self::assertStringStartsWith('FfiDisabledException: PHP restricts FFI here', $output);
        self::assertStringContainsString('set ffi.enable=true', $output);
        self::assertStringContainsString('preload.php', $output);
    }

    public function testAMissingFfiSaysWhatToInstall(): void
    {
        [$output] = self::php(self::MAKE, ['-n']);
        self::assertStringStartsWith('FfiDisabledException: PHP runs without the extension FFI', $output);
        self::assertStringContainsString('extension=ffi', $output);
    }

    public function testAMissingLibraryNamesThePlatformThePathsAndTheRemedy(): void
    {
        [$output] = self::php(self::MAKE, [], ['DINGSTREAM_LIBRARY' => '/nowhere/libdingstream.so']);
        self::assertStringStartsWith('LibraryException: the native library can\'t be loaded on ', $output);
        $tried = '/nowhere/libdingstream.so (no such file)';
        foreach ([Platform::name(), Platform::libc(), $tried, 'DINGSTREAM_LIBRARY'] as $part) {
            self::assertStringContainsString($part, $output);
        }
    }

    public function testALibraryOfAnotherAbiIsRefused(): void
    {
        $folder = \sys_get_temp_dir() . '/dingstream-' . \bin2hex(\random_bytes(6));
        \mkdir($folder);
        try {
            $header = (string) \file_get_contents(\dirname(AUTOLOAD) . '/dingstream/dingstream/lib/dingstream.ffi.h');
            \preg_match_all('/\b(dingstream_\w+)\(/', $header, $names);
            $source = "unsigned dingstream_abi_version(void) { return 99; }\n";
            foreach (\array_diff(\array_unique($names[1]), ['dingstream_abi_version']) as $name) {
                $source .= "void $name(void) {}\n";
            }
            \file_put_contents("$folder/other.c", $source);
            \exec("cc -shared -fPIC -o $folder/libother.so $folder/other.c", $told, $code);
            self::assertSame(0, $code);
            [$output] = self::php(self::MAKE, [], ['DINGSTREAM_LIBRARY' => "$folder/libother.so"]);
            self::assertStringContainsString('speaks version 99 of the C ABI and this package version', $output);
        } finally {
            \array_map('unlink', (array) \glob("$folder/*"));
            \rmdir($folder);
        }
    }

    public function testAServerNeedsThePreloadScriptAndWorksWithIt(): void
    {
        self::assertStringStartsWith('FfiDisabledException: ', $this->served([]));
        $preload = \dirname(AUTOLOAD) . '/dingstream/dingstream/preload.php';
        $user = \posix_getpwuid(\posix_geteuid())['name'] ?? '';
        self::assertSame('made', $this->served([
            '-d', 'opcache.enable=1', '-d', "opcache.preload=$preload", '-d', "opcache.preload_user=$user",
        ]));
    }

    /**
     * What PHP's own web server answers.
     *
     * @param list<string> $arguments
     */
    private function served(array $arguments): string
    {
        $script = (string) \tempnam(\sys_get_temp_dir(), 'dingstream');
        \file_put_contents($script, '<?php require ' . \var_export(AUTOLOAD, true) . ';' . self::MAKE);
        $server = \proc_open(
            [\PHP_BINARY, '-d', 'ffi.enable=preload', ...$arguments, '-S', '127.0.0.1:0', $script],
            [2 => ['pipe', 'w']],
            $pipes
        );
        self::assertIsResource($server);
        try {
            do {
                $line = (string) \fgets($pipes[2]);
                self::assertNotSame('', $line, 'the server ended');
            } while (\preg_match('~\((http://[\d.:]+)\) started~', $line, $started) !== 1);
            return (string) \file_get_contents($started[1]);
        } finally {
            \proc_terminate($server);
            \proc_close($server);
            \unlink($script);
        }
    }
}
