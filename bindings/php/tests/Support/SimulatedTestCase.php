<?php

declare(strict_types=1);

namespace DingStream\Tests\Support;

use DingStream\Client;
use PHPUnit\Framework\TestCase;

/**
 * A test against a local DingTalk. Tests wait for what they claim, with a deadline, and never for a time.
 */
abstract class SimulatedTestCase extends TestCase
{
    protected const DEADLINE_NS = 20_000_000_000;

    /** Or on a slow machine the library would answer before the handler does. */
    private const PATIENT = ['answerWithinCardMs' => 3_600_000, 'answerWithinEventMs' => 3_600_000];

    protected static ?Simulator $simulator = null;

    protected Memory $log;

    protected function setUp(): void
    {
        self::simulator()->reset();
        $this->log = new Memory();
    }

    protected static function simulator(): Simulator
    {
        return self::$simulator ??= new Simulator();
    }

    /**
     * @param array<string, mixed> $options
     */
    protected function client(array $options = []): Client
    {
        return new Client('ding-demo', 'demo-secret', ...$options + self::PATIENT + [
            'endpoint' => self::simulator()->url,
            'answerMessage' => 'on_completion',
            'logger' => $this->log,
        ]);
    }

    /**
     * Lets the client handle what arrives until something is so.
     *
     * @param \Closure(): bool $isSo
     */
    protected static function until(Client $client, \Closure $isSo): void
    {
        self::lookUntil($isSo, 'what was waited for did not happen', fn () => $client->poll(50));
    }

    /**
     * Looks until something is so, for what no event tells of.
     *
     * @param \Closure(): bool $isSo
     * @param string $failure what is told where it never is
     * @param ?\Closure(): mixed $meanwhile what is done between two looks, instead of a short pause
     */
    protected static function lookUntil(\Closure $isSo, string $failure, ?\Closure $meanwhile = null): void
    {
        $meanwhile ??= fn () => \usleep(2000);
        $deadline = \hrtime(true) + self::DEADLINE_NS;
        while (!$isSo()) {
            self::assertLessThan($deadline, \hrtime(true), $failure);
            $meanwhile();
        }
        self::assertTrue(true);
    }

    /**
     * Waits until a message waits to be handled.
     */
    protected static function untilArrived(Client $client): void
    {
        self::lookUntil(fn (): bool => $client->stats()['in_flight'] > 0, 'no message arrived');
    }

    protected static function stop(Client $client): void
    {
        $client->stop(5000)->wait();
    }

    /**
     * Runs a PHP program with the installed package loaded, and gives what it printed and its exit code. What is to be
     * done once it is connected is done then.
     *
     * @param list<string> $arguments for PHP
     * @param array<string, string> $environment
     *
     * @return array{string, int}
     */
    protected static function php(
        string $program,
        array $arguments = [],
        array $environment = [],
        ?\Closure $onceConnected = null
    ): array {
        $code = 'require ' . \var_export(AUTOLOAD, true) . ';' . $program;
        $environment += ['DINGSTREAM_ENDPOINT' => self::simulator()->url] + \getenv();
        $process = \proc_open(
            [\PHP_BINARY, ...$arguments, '-r', $code],
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            null,
            $environment
        );
        self::assertIsResource($process);
        if ($onceConnected !== null) {
            self::simulator()->records('connect');
            $onceConnected();
        }
        $output = (string) \stream_get_contents($pipes[1]);
        return [$output, \proc_close($process)];
    }
}
