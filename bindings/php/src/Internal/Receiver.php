<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Call;
use DingStream\Delivery;
use DingStream\Event;
use DingStream\Later;
use DingStream\State;

/**
 * What one client makes of what arrives: which handler gets it, and how the delivery is settled afterwards.
 *
 * @internal
 */
final class Receiver
{
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

    public bool $isStopped = false;

    public readonly Native $native;

    public function __construct(public readonly Hub $hub, public readonly Log $log)
    {
        $this->native = $hub->native;
        $this->waiting = new \SplQueue();
    }

    public function receive(Delivery $delivery, int $kind): void
    {
        if ($kind === Tables::STATE && $delivery->topic === State::Stopped->label()) {
            $this->isStopped = true;
        }
        if ($this->iterated !== [] && $this->isIterated($delivery, $kind)) {
            $this->waiting->enqueue($delivery);
            return;
        }
        $handler = $this->handler($delivery, $kind);
        if ($handler === null) {
            if ($kind !== Tables::STATE) {
                $delivery->unhandled();
            }
            return;
        }
        try {
            $returned = $handler($delivery);
            if ($returned instanceof Call) {
                $returned = $returned->wait();
            }
            if ($delivery->isOwed()) {
                $this->settle($delivery, $kind, $returned);
            }
        } catch (\Throwable $failure) {
            $this->log->failure($delivery, $failure);
            if ($delivery->isOwed()) {
                $delivery->fail(self::HANDLER_FAILED);
            }
        }
    }

    private function settle(Delivery $delivery, int $kind, mixed $returned): void
    {
        if ($returned instanceof Later) {
            $delivery->later($returned->reason);
        } elseif ($kind === Tables::MESSAGE || $kind === Tables::EVENT) {
            $delivery->ok();
        } else {
            $delivery->ok($returned);
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
