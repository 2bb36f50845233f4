<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Delivery;
use Psr\Log\LoggerInterface;

/**
 * Where log records and the exceptions of handlers go: a PSR-3 logger, or standard error.
 *
 * @internal
 */
final class Log
{
    /** PSR-3's words where they are not ours. */
    private const PSR = ['warn' => 'warning', 'trace' => 'debug'];

    public function __construct(private readonly ?LoggerInterface $logger)
    {
    }

    /**
     * @param array<string, mixed> $context
     */
    public function record(string $level, string $message, array $context = []): void
    {
        if ($this->logger === null) {
            self::print($level, $message, $context['exception'] ?? null);
            return;
        }
        try {
            $this->logger->log(self::PSR[$level] ?? $level, $message, $context);
        } catch (\Throwable $failure) {
            // Nobody else hears of it, and it must not end the program.
            self::print('error', 'the logger failed', $failure);
        }
    }

    public function failure(Delivery $delivery, \Throwable $failure): void
    {
        [$kind, $id] = [$delivery->kind->label(), $delivery->id];
        $which = $id === '' ? '' : " on delivery $id";
        $this->record('error', "a handler of kind $kind failed$which", ['exception' => $failure, 'id' => $id]);
    }

    private static function print(string $level, string $message, ?\Throwable $failure): void
    {
        $line = "[dingstream] $level: $message" . ($failure === null ? '' : "\n" . self::traced($failure));
        if (\defined('STDERR')) {
            \fwrite(\STDERR, "$line\n");
        } else {
            \error_log($line);
        }
    }

    /**
     * An exception and its causes, without the arguments in their traces: those may be what a person wrote.
     */
    private static function traced(\Throwable $failure): string
    {
        $told = $failure::class . ": {$failure->getMessage()} in {$failure->getFile()}:{$failure->getLine()}";
        foreach ($failure->getTrace() as $number => $frame) {
            $place = isset($frame['file'], $frame['line']) ? "{$frame['file']}({$frame['line']})" : '[internal]';
            $function = ($frame['class'] ?? '') . ($frame['type'] ?? '') . $frame['function'];
            $told .= "\n#$number $place: $function()";
        }
        $cause = $failure->getPrevious();
        return $cause === null ? $told : "$told\nCaused by " . self::traced($cause);
    }
}
