<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Exception\ClosedException;
use DingStream\Exception\ConfigException;
use DingStream\Exception\DingStreamException;
use DingStream\Internal\Cards;
use DingStream\Internal\Handlers;
use DingStream\Internal\Hub;
use DingStream\Internal\Json;
use DingStream\Internal\Log;
use DingStream\Internal\Media;
use DingStream\Internal\Options;
use DingStream\Internal\Receiver;
use DingStream\Internal\Sending;
use DingStream\Internal\Signals;
use DingStream\Internal\Single;
use DingStream\Internal\Stats;
use FFI\CData;
use Psr\Log\LoggerInterface;

/**
 * One DingTalk application: its connection, and what is done with what arrives.
 *
 * Handlers run in Fibers: one that waits for a call of this package lets others go on. Code that blocks PHP itself
 * (sleep, a database query) holds up the others, but never the connection.
 */
final class Client
{
    use Cards;
    use Handlers;
    use Media;
    use Options;
    use Sending;
    use Single;
    use Stats;

    /** How long handlers that wait for a call may still finish once the client has stopped. */
    private const GRACE_MS = 1000;

    private readonly Hub $hub;
    private readonly Receiver $receiver;
    private readonly CData $handle;
    private readonly int $source;
    private readonly int $stopDeadlineMs;

    /**
     * Starts, hands what arrives to the handlers, and returns once the client has stopped: after SIGINT or SIGTERM
     * (where PHP has the extension pcntl), after `stop`, or with the refusal of its first start.
     *
     * @throws DingStreamException the refusal of the start
     */
    public function run(): void
    {
        $signals = new Signals(function (): void {
            $this->stop();
        });
        try {
            $start = $this->start();
            $this->hub->turnUntil(fn () => $this->isDone($start));
            $this->hub->turnUntil(fn () => !$this->hub->fibers->arePaused(), self::GRACE_MS);
            self::refuse($start);
        } finally {
            $signals->restore();
        }
    }

    /**
     * Starts connecting. The call is done at the first open connection; a definitive refusal before that (bad id or
     * secret) fails it and stops the client, a dead network keeps trying. What arrives is handled while the program is
     * in `run`, `poll`, an iteration, or waits for a call. A stopped client can be started again.
     */
    public function start(): Call
    {
        $this->isStarted = $this->isStarted || $this->isSubscribed;
        $this->receiver->isStopped = false;
        return $this->receiver->call('client_start', $this->handle);
    }

    /**
     * Stops: running handlers go on, what still arrives is handled while time is left. Legal anywhere and at any
     * moment; the earliest deadline counts.
     *
     * @param int|null $deadlineMs Without it, the option stopDeadlineMs.
     */
    public function stop(?int $deadlineMs = null): Call
    {
        return $this->receiver->call('client_stop', $this->handle, \max(0, $deadlineMs ?? $this->stopDeadlineMs));
    }

    public function state(): State
    {
        return State::from($this->hub->native->ffi->dingstream_client_state($this->handle));
    }

    /**
     * The same numbers as `stats`, as the text that Prometheus scrapes.
     */
    public function metrics(): string
    {
        return $this->hub->native->told('client_metrics', $this->handle);
    }

    /**
     * What arrives, one after another, instead of handlers. It starts the client where that was not done, and ends when
     * the client has stopped. Asking for the next delivery settles the one before `ok`, unless it was settled or taken.
     *
     * @param Kind|string ...$what Kinds, or topics.
     *
     * @return \Generator<int, Delivery>
     *
     * @throws DingStreamException the refusal of the start
     */
    public function deliveries(Kind|string ...$what): \Generator
    {
        if (!$this->isStarted) {
            foreach ($what as $one) {
                \is_string($one) ? $this->subscribe(self::kindOf($one), $one) : $this->subscribe($one);
            }
        }
        $this->receiver->iterated = \array_map(
            static fn (Kind|string $one) => \is_string($one) ? $one : $one->value,
            \array_values($what)
        );
        $waiting = $this->receiver->waiting;
        try {
            $start = $this->start();
            $isReady = fn () => !$waiting->isEmpty() || $this->isDone($start);
            while ($this->hub->turnUntil($isReady) && !$waiting->isEmpty()) {
                $delivery = $waiting->dequeue();
                yield $delivery;
                Receiver::settle($delivery);
                unset($delivery);
            }
            self::refuse($start);
        } finally {
            $this->receiver->iterated = [];
        }
    }

    /**
     * Handles what waits, waiting for it no longer than this, and says how much it was. For programs with a loop of
     * their own, which wait for `stream` or `wakeFd`.
     */
    public function poll(int $timeoutMs = 0): int
    {
        return $this->hub->turn($timeoutMs);
    }

    /**
     * A stream that is readable while something waits to be handled by `poll`, which every client of the process
     * shares. It is there to wait for, not to read from.
     *
     * @return resource
     */
    public function stream()
    {
        $stream = \fopen("php://fd/{$this->wakeFd()}", 'r');
        if ($stream === false) {
            throw new ConfigException(
                'config',
                'PHP opens descriptors as streams in the CLI alone',
                'use run there, or wakeFd'
            );
        }
        \stream_set_blocking($stream, false);
        return $stream;
    }

    /**
     * The descriptor below `stream`.
     */
    public function wakeFd(): int
    {
        $out = $this->hub->native->ffi->new('intptr_t[1]');
        $this->hub->native->check($this->hub->native->ffi->dingstream_queue_wake_handle($this->hub->queue, $out));
        return $out[0];
    }

    /**
     * Waits without holding up other handlers; outside of a handler it is a plain sleep.
     */
    public static function sleep(int $milliseconds): void
    {
        $fibers = Hub::current()->fibers;
        if ($fibers->areCurrent()) {
            $fibers->pause($fibers->ticket($milliseconds));
        } else {
            \usleep($milliseconds * 1000);
        }
    }

    /**
     * Shows its state alone: what it was configured with holds the secret.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return isset($this->handle) ? ['state' => $this->state()] : [];
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->hub->remove($this->source);
            $this->hub->native->ffi->dingstream_client_free($this->handle);
        }
    }

    /**
     * @param array<string, mixed> $options
     */
    private function open(#[\SensitiveParameter] array $options, ?LoggerInterface $logger): void
    {
        $this->hub = Hub::current();
        $native = $this->hub->native;
        $this->receiver = new Receiver($this->hub, new Log($logger));
        $this->source = $this->hub->add($this->receiver);
        $this->stopDeadlineMs = $options['stop_deadline_ms'];
        $options['ua'] ??= 'dingstream-sdk-php/' . $native->ffi->dingstream_version() . '-union';
        $json = Json::encode(\array_filter($options, static fn ($value) => $value !== null));
        [$config, $client] = [$native->out('config'), $native->out('client')];
        $native->check($native->ffi->dingstream_config_from_json($json, \strlen($json), $config));
        try {
            $native->check(
                $native->ffi->dingstream_client_new($config[0], $this->hub->queue, $this->source, $client)
            );
        } finally {
            $native->ffi->dingstream_config_free($config[0]);
        }
        $this->handle = $client[0];
    }

    /**
     * Whether nothing will come any more: it has stopped, or could not even begin. A run that had to wait for the end
     * of the one before hears of that end before its own start is over.
     */
    private function isDone(Call $start): bool
    {
        $start->follow();
        return $start->isOver()
            && ($this->receiver->isStopped || ($start->hasFailed() && $this->state() === State::Idle));
    }

    /**
     * Being stopped before the first connection is no failure.
     *
     * @throws DingStreamException
     */
    private static function refuse(Call $start): void
    {
        try {
            $start->wait(self::GRACE_MS);
        } catch (ClosedException) {
        }
    }
}
