<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\CardAction;
use DingStream\Client;
use DingStream\Event;
use DingStream\Exception\DingStreamException;

/**
 * Handlers that wait until a message releases them.
 */
trait Waiting
{
    /** @var list<\Fiber> */
    private array $held = [];

    private function waiting(): Client
    {
        return $this->client()
            ->onMessage($this->counted(function (BotMessage $message): void {
                self::say(['began' => 'message', 'id' => $message->text]);
                $message->text === 'go' ? $this->release() : $this->hold();
                if ($message->text === 'fail') {
                    throw new \RuntimeException('planted-secret');
                }
            }))
            ->onEvent($this->counted(function (Event $event): void {
                self::say(['began' => 'event', 'id' => $event->eventId]);
                $this->hold();
            }))
            ->onCard($this->counted(function (CardAction $action): void {
                self::say(['began' => 'card', 'id' => $action->outTrackId]);
                $this->hold();
                try {
                    $action->ok(['a' => 1]);
                } catch (DingStreamException $error) {
                    self::sayError($error);
                }
            }));
    }

    private function hold(): void
    {
        $this->held[] = \Fiber::getCurrent();
        \Fiber::suspend();
    }

    private function release(): void
    {
        [$held, $this->held] = [$this->held, []];
        foreach ($held as $fiber) {
            $fiber->resume();
        }
        self::say(['went' => true]);
    }
}
