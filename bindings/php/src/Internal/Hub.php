<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Call;
use DingStream\Delivery;
use FFI\CData;

/**
 * The one consumer of this process: it takes what waits in the queue that all clients share, and hands it on.
 *
 * @internal
 */
final class Hub
{
    use Opaque;

    /** How long one wait lasts at most, so that signals are heard. */
    public const SLICE_MS = 200;

    private const BATCH = 64;

    /** What a view is besides the kinds of deliveries. */
    private const CALL = 7;
    private const LOG = 8;

    private static ?self $current = null;

    public readonly Native $native;
    public readonly CData $queue;
    public readonly Fibers $fibers;
    private readonly int $pid;

    /** What a take fills: one array, and its entries as PHP values made once. */
    private readonly CData $batch;
    /** @var list<CData> */
    private array $views = [];
    private readonly CData $taken;
    private int $count = 0;
    private int $next = 0;

    /** @var array<int, \WeakReference<Receiver>> by source */
    private array $receivers = [];
    private int $sources = 0;

    /** @var array<int, Call> by tag */
    private array $calls = [];
    private int $tags = 0;

    private function __construct()
    {
        $this->native = Native::get();
        $this->pid = (int) \getmypid();
        $queue = $this->native->out('queue');
        $this->native->check($this->native->ffi->dingstream_queue_new($queue));
        $this->queue = $queue[0];
        $this->batch = $this->native->ffi->new('dingstream_view[' . self::BATCH . ']');
        for ($index = 0; $index < self::BATCH; $index++) {
            $this->views[] = $this->batch[$index];
        }
        $this->taken = $this->native->ffi->new('size_t[1]');
        $this->fibers = new Fibers($this->step(...));
    }

    /**
     * The consumer of this process; the child of a fork gets its own.
     */
    public static function current(): self
    {
        if (self::$current?->pid !== \getmypid()) {
            self::$current = new self();
        }
        return self::$current;
    }

    /**
     * Gives a receiver its number. It is forgotten with its client.
     */
    public function add(Receiver $receiver): int
    {
        $this->receivers[++$this->sources] = \WeakReference::create($receiver);
        return $this->sources;
    }

    public function remove(int $source): void
    {
        unset($this->receivers[$source]);
    }

    /**
     * Has a call end here. The call is given up.
     */
    public function follow(Call $call, CData $handle): void
    {
        $this->calls[++$this->tags] = $call;
        $this->native->check($this->native->ffi->dingstream_call_to_queue($handle, $this->queue, $this->tags));
    }

    /**
     * Waits for something, at most so long, and handles what is there. Says how much that was.
     */
    public function turn(int $timeoutMs): int
    {
        if ($this->next >= $this->count) {
            $timeoutMs = \min($timeoutMs, $this->fibers->dueInMs() ?? $timeoutMs);
            [$this->next, $this->count] = [0, 0];
            $this->native->check($this->native->ffi->dingstream_queue_next_batch(
                $this->queue,
                $timeoutMs,
                $this->batch,
                self::BATCH,
                $this->taken
            ));
            $this->count = $this->taken[0];
        }
        $count = $this->count - $this->next;
        if ($count > 0) {
            $this->fibers->drain();
        }
        $this->fibers->ring();
        return $count;
    }

    /**
     * Turns until something is so, at most so long (null: for ever). Says whether it is.
     *
     * @param \Closure(): bool $isSo
     */
    public function turnUntil(\Closure $isSo, ?int $timeoutMs = null): bool
    {
        $deadline = $timeoutMs === null ? null : \hrtime(true) + $timeoutMs * 1_000_000;
        while (!$isSo()) {
            $left = $deadline === null ? self::SLICE_MS : (int) \ceil(($deadline - \hrtime(true)) / 1_000_000);
            if ($left <= 0) {
                return false;
            }
            $this->turn(\min($left, self::SLICE_MS));
            Signals::dispatch();
        }
        return true;
    }

    /**
     * What a view holds is passed on piece by piece: the view itself, in the trace of an exception, would show the text
     * of a message.
     */
    private function step(): bool
    {
        if ($this->next >= $this->count) {
            return false;
        }
        $view = $this->views[$this->next++];
        $kind = $view->kind;
        if ($kind <= Tables::STATE && $kind > 0) {
            $this->deliver($view->source, $kind, $view->delivery);
        } elseif ($kind === self::CALL) {
            $call = $this->calls[$view->tag] ?? null;
            unset($this->calls[$view->tag]);
            $call?->end($view->json, $view->error);
        } elseif ($kind === self::LOG) {
            $this->log($view->source, $view->topic, "$view->id: $view->data", $view->json);
        }
        return true;
    }

    private function deliver(int $source, int $kind, CData $handle): void
    {
        $receiver = ($this->receivers[$source] ?? null)?->get();
        if ($receiver === null) {
            $this->native->ffi->dingstream_delivery_free($handle);
            return;
        }
        $class = Tables::VIEWS[$kind] ?? Delivery::class;
        $receiver->receive(new $class($receiver, $handle, $kind), $kind);
    }

    private function log(int $source, string $level, string $message, CData $json): void
    {
        $this->native->ffi->dingstream_json_free($json);
        $receiver = ($this->receivers[$source] ?? null)?->get();
        ($receiver?->log ?? new Log(null))->record($level, $message);
    }
}
