<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * SIGINT and SIGTERM for as long as a client runs. Without the extension pcntl they stay what they were.
 *
 * @internal
 */
final class Signals
{
    /** @var array<int, callable|int> */
    private array $before = [];

    /**
     * @param \Closure(): void $stop
     */
    public function __construct(\Closure $stop)
    {
        if (\function_exists('pcntl_signal')) {
            foreach ([\SIGINT, \SIGTERM] as $signal) {
                $this->before[$signal] = \pcntl_signal_get_handler($signal);
                \pcntl_signal($signal, static fn () => $stop());
            }
        }
    }

    /**
     * Calls the handlers of the signals that came while the native library waited.
     */
    public static function dispatch(): void
    {
        if (\function_exists('pcntl_signal_dispatch')) {
            \pcntl_signal_dispatch();
        }
    }

    public function restore(): void
    {
        foreach ($this->before as $signal => $handler) {
            \pcntl_signal($signal, $handler);
        }
        $this->before = [];
    }
}
