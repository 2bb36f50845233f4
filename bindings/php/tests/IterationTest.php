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
     * The deliveries of a client that is sent these messages (or callbacks, where they begin with a slash).
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
                    : self::simulator()->message($text);
            }
        });
        return $client->deliveries($what);
    }
}
