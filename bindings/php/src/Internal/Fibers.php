<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * Handlers run in Fibers. One Fiber serves handler after handler as long as none of them suspends; the first that
 * does keeps its Fiber, and another one goes on. So a handler that waits holds up nobody, and one that does not wait
 * costs no Fiber of its own.
 *
 * @internal
 */
final class Fibers
{
    private ?\Fiber $worker = null;

    /** @var \WeakMap<\Fiber<null, mixed, mixed, mixed>, true> */
    private readonly \WeakMap $own;

    /** @var array<int, \Fiber<null, mixed, mixed, mixed>> by ticket */
    private array $paused = [];

    private int $tickets = 0;

    /** @var \SplPriorityQueue<int, int> tickets by the negative of their time in ns */
    private readonly \SplPriorityQueue $alarms;

    /**
     * @param \Closure(): bool $step Does one piece of work; false where there is none.
     */
    public function __construct(private readonly \Closure $step)
    {
        $this->own = new \WeakMap();
        $this->alarms = new \SplPriorityQueue();
        $this->alarms->setExtractFlags(\SplPriorityQueue::EXTR_BOTH);
    }

    /**
     * Does all the work there is.
     */
    public function drain(): void
    {
        if ($this->worker?->isRunning()) {
            $this->worker = null;
        }
        do {
            $worker = $this->worker ??= $this->hire();
            $isParked = false;
            try {
                $isParked = ($worker->isStarted() ? $worker->resume() : $worker->start()) === $this;
            } finally {
                if (!$isParked && $this->worker === $worker) {
                    $this->worker = null;
                }
            }
        } while (!$isParked);
    }

    /**
     * Does something in a Fiber of its own, up to where it pauses first; the rest as others do.
     *
     * @param \Closure(): void $work
     */
    public function begin(\Closure $work): void
    {
        $fiber = new \Fiber($work);
        $this->own[$fiber] = true;
        $fiber->start();
    }

    /**
     * Whether this code runs in a Fiber that is resumed by what `drain` and `ring` do.
     */
    public function areCurrent(): bool
    {
        $fiber = \Fiber::getCurrent();
        return $fiber !== null && isset($this->own[$fiber]);
    }

    /**
     * A ticket to pause with; it rings by itself after this time.
     */
    public function ticket(?int $timeoutMs): int
    {
        $ticket = ++$this->tickets;
        if ($timeoutMs !== null) {
            $this->alarms->insert($ticket, -(\hrtime(true) + \max(0, $timeoutMs) * 1_000_000));
        }
        return $ticket;
    }

    /**
     * Suspends the current Fiber until its ticket is resumed.
     */
    public function pause(int $ticket): void
    {
        $fiber = \Fiber::getCurrent();
        \assert($fiber !== null);
        $this->paused[$ticket] = $fiber;
        \Fiber::suspend();
    }

    public function resume(int $ticket): void
    {
        $fiber = $this->paused[$ticket] ?? null;
        unset($this->paused[$ticket]);
        $fiber?->resume();
    }

    public function arePaused(): bool
    {
        return $this->paused !== [];
    }

    /**
     * Resumes those whose time has come.
     */
    public function ring(): void
    {
        while ($this->dueInMs() === 0) {
            $this->resume($this->alarms->extract()['data']);
        }
    }

    /**
     * When the next one is to be resumed; null where none waits for a time.
     */
    public function dueInMs(): ?int
    {
        while (!$this->alarms->isEmpty()) {
            $top = $this->alarms->top();
            if (isset($this->paused[$top['data']])) {
                return (int) \ceil(\max(0, -$top['priority'] - \hrtime(true)) / 1_000_000);
            }
            $this->alarms->extract();
        }
        return null;
    }

    /**
     * @return \Fiber<null, mixed, mixed, mixed>
     */
    private function hire(): \Fiber
    {
        $fiber = new \Fiber($this->work(...));
        $this->own[$fiber] = true;
        return $fiber;
    }

    private function work(): void
    {
        $self = \Fiber::getCurrent();
        while (true) {
            while (($this->step)()) {
                if ($this->worker !== $self) {
                    return;
                }
            }
            \Fiber::suspend($this);
        }
    }
}
