<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Client;
use DingStream\Delivery;
use DingStream\Event;
use DingStream\Exception\AuthException;
use DingStream\Kind;
use DingStream\Message;
use DingStream\StateChange;
use DingStream\Tests\Support\SimulatedTestCase;

final class IterationTest extends SimulatedTestCase
{
    public function testAskingForTheNextSettlesTheOneBefore(): void
    {
        $client = $this->client();
        $settledBefore = [];
        foreach ($this->after($client, ['one', 'two', 'stop'], Kind::Message) as $delivery) {
            self::assertInstanceOf(BotMessage::class, $delivery);
            $settledBefore[] = \count(self::simulator()->records('answer', \count($settledBefore), 5000));
            if ($delivery->text === 'stop') {
                $client->stop(5000);
            }
        }
        self::assertSame([0, 1, 2], $settledBefore);
        self::assertSame([200, 200, 200], \array_column(self::simulator()->records('answer', 3), 'code'));
    }

    public function testWhatIsTakenIsNotSettled(): void
    {
        $client = $this->client();
        $taken = [];
        foreach ($this->after($client, ['one', 'stop'], Kind::Message) as $delivery) {
            $taken[] = $delivery->take();
            if (\count($taken) === 2) {
                $client->stop(0);
            }
        }
        self::assertSame([], self::simulator()->records('answer', 1, 0));
        self::assertCount(2, $taken);
        \array_map(static fn (Delivery $delivery) => $delivery->ok(), $taken);
    }

    public function testWhatIsTakenHoldsBackItsConversationAlone(): void
    {
        $client = $this->client();
        $client->onState(function (StateChange $change): void {
            foreach ($change->state === 'open' ? ['first', 'second'] : [] as $text) {
                self::simulator()->message($text, ['conversationId' => 'a']);
            }
            $change->state === 'open' && self::simulator()->message('other', ['conversationId' => 'b']);
        });
        $texts = [];
        $taken = null;
        foreach ($client->deliveries(Kind::Message) as $delivery) {
            self::assertInstanceOf(BotMessage::class, $delivery);
            $texts[] = $delivery->text;
            match ($delivery->text) {
                'first' => $taken = $delivery->take(),
                'other' => $taken?->ok(),
                default => $client->stop(5000),
            };
        }
        self::assertSame(['first', 'other', 'second'], $texts);
    }

    public function testAStepThatComesTooLateSettlesNothingAndGoesOn(): void
    {
        $client = $this->client(['handlerDeadlineMs' => 200]);
        $seen = 0;
        foreach ($this->after($client, ['one'], Kind::Message) as $delivery) {
            self::simulator()->records('answer', ++$seen);
            // Not before: what waits in the queue for too long is never handed out.
            $seen === 1 ? self::simulator()->message('two') : $client->stop(5000);
        }
        self::assertSame([500, 500], \array_column(self::simulator()->records('answer', 2), 'code'));
    }

    public function testAReplyMayBeWaitedForInTheBody(): void
    {
        $client = $this->client();
        foreach ($this->after($client, ['stop'], Kind::Message) as $delivery) {
            self::assertSame(['via' => 'session'], $delivery->reply(Message::text('yes'))->wait());
            $client->stop(5000);
        }
        self::assertSame(['reply', 'answer'], \array_column(self::simulator()->records('reply,answer', 2), 'kind'));
    }

    public function testHandlersTakeWhatIsNotIteratedOver(): void
    {
        $events = [];
        $client = $this->client()->onEvent(function (Event $event) use (&$events): void {
            $events[] = $event->eventType;
        });
        foreach ($this->after($client, ['/v1.0/x'], '/v1.0/x') as $delivery) {
            self::assertSame(Kind::Other, $delivery->kind);
            self::simulator()->push(['kind' => 'event', 'eventType' => 'org_remove']);
            self::until($client, function () use (&$events) {
                return $events !== [];
            });
            $client->stop(5000);
        }
        self::assertSame(['org_remove'], $events);
    }

    public function testTheRefusalOfTheStartIsThrown(): void
    {
        $client = new Client('ding-demo', 'wrong', endpoint: self::simulator()->url, logger: $this->log);
        $this->expectException(AuthException::class);
        \iterator_to_array($client->deliveries(Kind::Message));
    }

    /**
     * The deliveries of a client that is sent these messages, each in a conversation of its own (or callbacks, where
     * they begin with a slash).
     *
     * @param list<string> $texts
     *
     * @return \Generator<int, Delivery>
     */
    private function after(Client $client, array $texts, Kind|string $what): \Generator
    {
        $client->onState(function ($change) use ($texts): void {
            foreach ($change->state === 'open' ? $texts : [] as $text) {
                \str_starts_with($text, '/')
                    ? self::simulator()->push(['kind' => 'callback', 'topic' => $text])
                    : self::simulator()->message($text, ['conversationId' => $text]);
            }
        });
        return $client->deliveries($what);
    }
}
