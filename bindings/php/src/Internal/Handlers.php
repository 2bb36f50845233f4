<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\BotMessage;
use DingStream\CardAction;
use DingStream\Delivery;
use DingStream\Event;
use DingStream\Exception\ConfigException;
use DingStream\GraphRequest;
use DingStream\Kind;
use DingStream\StateChange;

/**
 * How a client is told what is to be done; what it subscribes follows from that.
 *
 * @internal
 */
trait Handlers
{
    private bool $isSubscribed = false;
    private bool $isStarted = false;

    /**
     * Handles bot messages.
     *
     * @param callable(BotMessage): mixed $handler
     *
     * @throws ConfigException where the client was started before; so for every handler
     */
    public function onMessage(callable $handler): static
    {
        $this->subscribe(Kind::Message);
        $this->receiver->kinds[Kind::Message->value] = $handler(...);
        return $this;
    }

    /**
     * Handles card actions and requests for dynamic data; what it returns is the response, most often a CardResponse or
     * DynamicData.
     *
     * @param callable(CardAction): mixed $handler
     */
    public function onCard(callable $handler): static
    {
        $this->subscribe(Kind::Card);
        $this->receiver->kinds[Kind::Card->value] = $handler(...);
        return $this;
    }

    /**
     * Handles the events of one type, as in `onEvent('user_add_org', $handler)`, or, with the handler alone, all those
     * that have no handler of their own.
     *
     * @param string|callable(Event): mixed $type
     * @param (callable(Event): mixed)|null $handler
     */
    public function onEvent(string|callable $type, ?callable $handler = null): static
    {
        $this->subscribe(Kind::Event);
        if ($handler !== null && \is_string($type)) {
            $this->receiver->eventTypes[$type] = $handler(...);
        } elseif ($handler === null && \is_callable($type)) {
            $this->receiver->kinds[Kind::Event->value] = $type(...);
        } else {
            throw new ConfigException('config', 'onEvent takes a handler, or an event type and a handler');
        }
        return $this;
    }

    /**
     * Handles requests of AI assistants and plugins; what it returns is the response, most often a GraphResponse.
     *
     * @param callable(GraphRequest): mixed $handler
     */
    public function onGraph(callable $handler): static
    {
        $this->subscribe(Kind::Graph);
        $this->receiver->kinds[Kind::Graph->value] = $handler(...);
        return $this;
    }

    /**
     * Handles one callback topic; what it returns is the response.
     *
     * @param callable(Delivery): mixed $handler
     */
    public function on(string $topic, callable $handler): static
    {
        $this->subscribe(self::kindOf($topic), $topic);
        $this->receiver->topics[$topic] = $handler(...);
        return $this;
    }

    /**
     * Hears of changes of the connection.
     *
     * @param callable(StateChange): mixed $handler
     */
    public function onState(callable $handler): static
    {
        if ($this->isStarted) {
            throw new ConfigException(
                'config',
                'a handler came after the start',
                'register everything before start or run'
            );
        }
        $this->receiver->kinds[Kind::State->value] = $handler(...);
        return $this;
    }

    private function subscribe(Kind $kind, string $topic = ''): void
    {
        if ($kind !== Kind::State) {
            $native = $this->hub->native;
            $native->check(
                $native->ffi->dingstream_client_subscribe($this->handle, $kind->value, $topic, \strlen($topic))
            );
            $this->isSubscribed = true;
        }
    }

    private static function kindOf(string $topic): Kind
    {
        return Kind::from(Tables::TOPIC_KINDS[$topic] ?? Kind::Other->value);
    }
}
