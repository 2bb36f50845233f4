<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Exception\CancelledException;
use DingStream\Exception\DingStreamException;
use DingStream\Internal\Json;
use DingStream\Internal\Receiver;
use DingStream\Internal\Single;
use FFI\CData;

/**
 * An operation under way towards DingTalk. It goes on whether or not anybody waits for it; an error that nobody looks
 * at is logged.
 */
final class Call
{
    use Single;

    /** @var list<int> the tickets of the Fibers that wait for it */
    private array $tickets = [];

    /** @var array<string, mixed>|null */
    private ?array $result = null;
    private ?DingStreamException $error = null;
    private bool $isSeen = false;

    /**
     * @param CData|null $handle Null once the queue has it, and where it is finished by other means.
     *
     * @internal
     */
    public function __construct(private readonly Receiver $receiver, private ?CData $handle)
    {
    }

    public function __destruct()
    {
        if ($this->handle !== null) {
            $this->receiver->hub->native->ffi->dingstream_call_free($this->handle);
        }
        if ($this->error !== null && !$this->isSeen) {
            $this->receiver->log->record('warn', "nobody looked at the error of a call: {$this->error->getMessage()}");
        }
    }

    /**
     * Waits for the end and gives the result. Inside a handler only this handler waits: others go on. Elsewhere the
     * program waits, while what arrives is handled.
     *
     * @param int|null $timeoutMs How long at most; null for as long as it takes.
     *
     * @return array<string, mixed>|null The result; null where the time ran out.
     *
     * @throws DingStreamException why it failed
     *
     * @phpstan-return ($timeoutMs is null ? array<string, mixed> : array<string, mixed>|null)
     */
    public function wait(?int $timeoutMs = null): ?array
    {
        $hub = $this->receiver->hub;
        $this->follow();
        if (!$hub->fibers->areCurrent()) {
            $hub->turnUntil($this->isOver(...), $timeoutMs);
        } elseif (!$this->isOver()) {
            $ticket = $hub->fibers->ticket($timeoutMs);
            $this->tickets[] = $ticket;
            $hub->fibers->pause($ticket);
        }
        if ($this->error !== null) {
            $this->isSeen = true;
            throw $this->error;
        }
        return $this->result;
    }

    /**
     * Whether it is over, as far as this program has heard.
     */
    public function isOver(): bool
    {
        return $this->result !== null || $this->error !== null;
    }

    /**
     * Ends it as cancelled, unless it is over. What was already sent to DingTalk stays sent.
     */
    public function cancel(): void
    {
        if ($this->handle !== null) {
            $this->receiver->hub->native->ffi->dingstream_call_cancel($this->handle);
        } elseif (!$this->isOver()) {
            $this->isSeen = true;
            $this->finish(null, new CancelledException('cancelled', 'the call was cancelled'));
        }
    }

    /**
     * Has its end come through the queue.
     *
     * @internal
     */
    public function follow(): void
    {
        if ($this->handle !== null) {
            [$handle, $this->handle] = [$this->handle, null];
            $this->receiver->hub->follow($this, $handle);
        }
    }

    /**
     * @internal
     */
    public function end(?CData $json, ?CData $error): void
    {
        $native = $this->receiver->hub->native;
        if ($error !== null) {
            $this->finish(null, $native->exception($error));
            return;
        }
        try {
            $result = Json::decode($native->ffi->dingstream_json_raw($json, '', 0, null) ?? '');
        } finally {
            $native->ffi->dingstream_json_free($json);
        }
        $this->finish(\is_array($result) ? $result : [], null);
    }

    /**
     * @internal
     */
    public function hasFailed(): bool
    {
        return $this->error !== null;
    }

    /**
     * @param array<string, mixed>|null $result
     *
     * @internal
     */
    public function finish(?array $result, ?DingStreamException $error): void
    {
        if ($this->isOver()) {
            return;
        }
        [$this->result, $this->error] = [$result, $error];
        [$tickets, $this->tickets] = [$this->tickets, []];
        foreach ($tickets as $ticket) {
            $this->receiver->hub->fibers->resume($ticket);
        }
    }

    /**
     * Shows all but the bytes of a file.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        $result = $this->result === null ? null : \array_diff_key($this->result, ['data' => true]);
        return ['isOver' => $this->isOver(), 'result' => $result, 'error' => $this->error?->getMessage()];
    }
}
