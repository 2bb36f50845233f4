<?php

declare(strict_types=1);

namespace DingStream\Tests\Support;

use Psr\Log\AbstractLogger;

/**
 * A logger that remembers.
 */
final class Memory extends AbstractLogger
{
    /** @var list<array{level: string, message: string, context: array<string, mixed>}> */
    public array $records = [];

    /**
     * @param mixed $level
     * @param string|\Stringable $message
     * @param array<string, mixed> $context
     */
    public function log($level, $message, array $context = []): void
    {
        $this->records[] = ['level' => (string) $level, 'message' => (string) $message, 'context' => $context];
    }
}
