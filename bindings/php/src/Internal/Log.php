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
        if ($this->logger !== null) {
            $this->logger->log(self::PSR[$level] ?? $level, $message, $context);
            return;
        }
        $failure = $context['exception'] ?? null;
        $line = "[dingstream] $level: $message" . ($failure instanceof \Throwable ? "\n$failure" : '');
        if (\defined('STDERR')) {
            \fwrite(\STDERR, "$line\n");
        } else {
            \error_log($line);
        }
    }

    public function failure(Delivery $delivery, \Throwable $failure): void
    {
        $kind = $delivery->kind->label();
        $this->record('error', "a handler of kind $kind failed", ['exception' => $failure, 'id' => $delivery->id]);
    }
}
