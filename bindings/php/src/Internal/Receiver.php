<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Call;
use DingStream\Delivery;
use DingStream\Event;
use DingStream\Exception\AnsweredException;
use DingStream\Exception\DingStreamException;
use DingStream\Exception\ExpiredException;
use DingStream\Later;
use DingStream\State;
use FFI\CData;

/**
 * What one client makes of what arrives: which handler gets it, and how the delivery is settled afterwards.
 *
 * @internal
 */
final class Receiver
{
    use Opaque;

    /** What DingTalk is told about a handler's exception: never the exception itself. */
    private const HANDLER_FAILED = 'the handler failed';

    /** @var array<int, \Closure> by kind */
    public array $kinds = [];

    /** @var array<string, \Closure> by topic */
    public array $topics = [];

    /** @var array<string, \Closure> by event type */
    public array $eventTypes = [];

    /** @var list<int|string> the kinds and topics that are not handled but iterated over */
    public array $iterated = [];

    /** @var \SplQueue<Delivery> what waits for the iteration */
    public readonly \SplQueue $waiting;

    /** Whether that is the last state that was heard. */
    public bool $isStopped = false;

    public readonly Native $native;

    public function __construct(public readonly Hub $hub, public readonly Log $log)
    {
        $this->native = $hub->native;
        $this->waiting = new \SplQueue();
    }

    /**
     * Starts an operation: a function of this name, whose last argument is where the call goes.
     *
     * @throws DingStreamException
     */
    public function call(string $function, #[\SensitiveParameter] mixed ...$arguments): Call
    {
        return new Call($this, $this->begin($function, ...$arguments));
    }

    /**
     * The same without what waits for it.
     *
     * @throws DingStreamException
     */
    public function begin(string $function, #[\SensitiveParameter] mixed ...$arguments): CData
    {
        $call = $this->native->out('call');
        $name = "dingstream_$function";
        $this->native->check($this->native->ffi->$name(...$arguments, ...[$call]));
        return $call[0];
    }

    public function receive(Delivery $delivery, int $kind): void
    {
        if ($kind === Tables::STATE) {
            $this->isStopped = $delivery->topic === State::Stopped->label();
        }
        if ($this->iterated !== [] && $this->isIterated($delivery, $kind)) {
            $this->waiting->enqueue($delivery);
            return;
        }
        $handler = $this->handler($delivery, $kind);
        if ($handler === null) {
            self::settle($delivery, $delivery->unhandled(...));
            return;
        }
        try {
            self::finish($delivery, $kind, $handler($delivery));
        } catch (\Throwable $failure) {
            $this->log->failure($delivery, $failure);
            self::settle($delivery, static fn () => $delivery->fail(self::HANDLER_FAILED));
        }
    }

    /**
     * Settles what nobody has settled or taken. Where the library had to do it first, it has told so, and nothing is
     * left to be done.
     *
     * @param (\Closure(): void)|null $how ok, where it is null
     */
    public static function settle(Delivery $delivery, #[\SensitiveParameter] ?\Closure $how = null): void
    {
        if (!$delivery->isOwed()) {
            return;
        }
        try {
            $how === null ? $delivery->ok() : $how();
        } catch (AnsweredException | ExpiredException) {
            $delivery->take();
        }
    }

    private static function finish(Delivery $delivery, int $kind, #[\SensitiveParameter] mixed $returned): void
    {
        if ($returned instanceof Call) {
            $returned = $returned->wait();
        }
        if ($returned instanceof Later) {
            self::settle($delivery, static fn () => $delivery->later($returned->reason));
        } elseif ($returned === null || $kind === Tables::MESSAGE || $kind === Tables::EVENT) {
            self::settle($delivery);
        } else {
            self::settle($delivery, static fn () => $delivery->ok($returned));
        }
    }

    private function handler(Delivery $delivery, int $kind): ?\Closure
    {
        if ($delivery instanceof Event) {
            $handler = $this->eventTypes === [] ? null : $this->eventTypes[$delivery->eventType ?? ''] ?? null;
        } elseif ($this->topics !== [] && $kind !== Tables::STATE) {
            $handler = $this->topics[$delivery->topic] ?? null;
        }
        return $handler ?? $this->kinds[$kind] ?? null;
    }

    private function isIterated(Delivery $delivery, int $kind): bool
    {
        return \in_array($kind, $this->iterated, true) || \in_array($delivery->topic, $this->iterated, true);
    }
}
