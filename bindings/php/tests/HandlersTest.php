<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\CardAction;
use DingStream\Client;
use DingStream\Delivery;
use DingStream\Event;
use DingStream\Exception\AnsweredException;
use DingStream\Exception\ConfigException;
use DingStream\Later;
use DingStream\Message;
use DingStream\Tests\Support\SimulatedTestCase;

final class HandlersTest extends SimulatedTestCase
{
    public function testAReplyThatAHandlerReturnsIsWaitedFor(): void
    {
        $client = $this->client()->onMessage(fn (BotMessage $message) => $message->reply(Message::text('yes')));
        $this->play($client, fn () => self::simulator()->message('hi'));
        $kinds = \array_column(self::simulator()->records('reply,answer', 2), 'kind');
        self::assertSame(['reply', 'answer'], $kinds);
    }

    public function testAHandlerThatWaitsHoldsUpNoOther(): void
    {
        $order = [];
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$order): void {
            if ($message->text === 'slow') {
                while (!\in_array('fast', $order, true)) {
                    Client::sleep(5);
                }
            }
            $order[] = $message->text;
        });
        $this->play($client, function (): void {
            self::simulator()->message('slow', ['conversationId' => 'a']);
            self::simulator()->message('fast', ['conversationId' => 'b']);
        }, 2);
        self::assertSame(['fast', 'slow'], $order);
    }

    public function testAHandlerMaySuspendItsFiberAndBeResumedByAnother(): void
    {
        $waiting = null;
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$waiting) {
            if ($message->text === 'wait') {
                $waiting = \Fiber::getCurrent();
                \Fiber::suspend();
                return $message->reply(Message::text('waited'));
            }
            $message->reply(Message::text('gone'))->wait();
            $waiting->resume();
            return null;
        });
        $this->play($client, function (): void {
            self::simulator()->message('wait', ['conversationId' => 'a']);
            self::simulator()->message('go', ['conversationId' => 'b']);
        }, 2);
        $replies = \array_column(self::simulator()->records('reply', 2), 'body');
        self::assertSame(['gone', 'waited'], \array_map(fn ($body) => $body['text']['content'], $replies));
    }

    public function testAnExceptionFailsTheDeliveryAndIsLoggedWithItsTrace(): void
    {
        $client = $this->client()->onMessage(fn () => throw new \LogicException('planted'));
        [$answer] = $this->play($client, fn () => self::simulator()->message('hi'));
        self::assertSame(500, $answer['code']);
        self::assertStringNotContainsString('planted', $answer['raw']);
        self::assertSame('error', $this->log->records[0]['level']);
        self::assertSame('planted', $this->log->records[0]['context']['exception']->getMessage());
    }

    public function testLaterPutsAnEventOff(): void
    {
        $client = $this->client()->onEvent(fn () => new Later('not now'));
        [$answer] = $this->play($client, fn () => self::simulator()->push([
            'kind' => 'event',
            'eventType' => 'user_add_org',
        ]));
        self::assertSame('{"status":"LATER","message":"not now"}', $answer['data']);
    }

    public function testAnEventGoesToTheHandlerOfItsType(): void
    {
        $seen = [];
        $client = $this->client()
            ->onEvent(function (Event $event) use (&$seen): void {
                $seen[] = "any $event->eventType";
            })
            ->onEvent('org_remove', function (Event $event) use (&$seen): void {
                $seen[] = "typed $event->eventType";
            });
        $this->play($client, function (): void {
            self::simulator()->push(['kind' => 'event', 'eventType' => 'user_add_org']);
            self::simulator()->push(['kind' => 'event', 'eventType' => 'org_remove']);
        }, 2);
        self::assertEqualsCanonicalizing(['any user_add_org', 'typed org_remove'], $seen);
    }

    /**
     * @dataProvider responses
     */
    public function testWhatACardHandlerReturnsIsTheResponse(mixed $returned, string $response): void
    {
        $client = $this->client()->onCard(fn (CardAction $action) => $returned);
        [$answer] = $this->play($client, fn () => self::simulator()->push(['kind' => 'card']));
        self::assertSame([200, "{\"response\":$response}"], [$answer['code'], $answer['data']]);
    }

    /**
     * @return array<string, array{mixed, string}>
     */
    public function responses(): array
    {
        return [
            'nothing' => [null, '{}'],
            'an array' => [['b' => 1, 'a' => ['x' => '中/文']], '{"b":1,"a":{"x":"中/文"}}'],
            'an object' => [(object) [], '{}'],
            'a list' => [[1, 2.0, true], '[1,2.0,true]'],
            'a text' => ['clicked', '"clicked"'],
        ];
    }

    public function testAResponseThatIsNoJsonIsAFailureThatNamesItsType(): void
    {
        $client = $this->client()->onCard(fn () => new \SplStack());
        [$answer] = $this->play($client, fn () => self::simulator()->push(['kind' => 'card']));
        self::assertSame(500, $answer['code']);
        self::assertStringContainsString('SplStack', $this->log->records[0]['context']['exception']->getMessage());
    }

    public function testAHandlerOfATopicGivesTheResponse(): void
    {
        $client = $this->client()->on('/v1.0/x', fn (Delivery $delivery) => ['got' => $delivery->json('/a')]);
        [$answer] = $this->play($client, fn () => self::simulator()->push([
            'kind' => 'callback',
            'topic' => '/v1.0/x',
            'data' => ['a' => ['b' => 1]],
        ]));
        self::assertSame('{"response":{"got":{"b":1}}}', $answer['data']);
    }

    public function testWhatAHandlerSettledIsNotSettledAgain(): void
    {
        $client = $this->client()->onEvent(function (Event $event): void {
            $event->later('mine');
        });
        [$answer] = $this->play($client, fn () => self::simulator()->push([
            'kind' => 'event',
            'eventType' => 'user_add_org',
        ]));
        self::assertSame('{"status":"LATER","message":"mine"}', $answer['data']);
        self::assertSame([], $this->log->records);
    }

    public function testASecondSettlingIsTheErrorAnswered(): void
    {
        $failure = null;
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$failure): void {
            $message->ok();
            try {
                $message->fail();
            } catch (AnsweredException $caught) {
                $failure = $caught;
            }
        });
        $this->play($client, fn () => self::simulator()->message('hi'));
        self::assertSame('answered', $failure?->kind);
    }

    public function testATakenDeliveryIsSettledByWhoTookIt(): void
    {
        $taken = null;
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$taken): void {
            $taken = $message->take();
        });
        $client->start()->wait();
        self::simulator()->message('hi');
        self::until($client, function () use (&$taken) {
            return $taken !== null;
        });
        $taken->later();
        self::assertSame(500, self::simulator()->records('answer')[0]['code']);
        self::stop($client);
    }

    public function testADeliveryThatIsGivenUpIsDeclined(): void
    {
        $isTaken = false;
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$isTaken): void {
            $message->take();
            $isTaken = true;
        });
        [$answer] = $this->play($client, fn () => self::simulator()->message('hi'));
        self::assertSame(500, $answer['code']);
        self::assertStringContainsString('declined', $this->log->records[0]['message']);
    }

    public function testAHandlerAfterTheStartIsRefused(): void
    {
        $client = $this->client()->onMessage(fn () => null);
        $client->start()->wait();
        $late = [
            fn () => $client->onMessage(fn () => null),
            fn () => $client->onEvent('org_remove', fn () => null),
            fn () => $client->onState(fn () => null),
        ];
        foreach ($late as $register) {
            try {
                $register();
                self::fail('it was taken');
            } catch (ConfigException $error) {
                self::assertStringContainsString('register everything before', $error->getMessage());
            }
        }
        self::stop($client);
    }

    public function testAHandlerMayPollWithoutHarm(): void
    {
        $handled = [];
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$handled, &$client): void {
            if ($message->text === 'first') {
                self::until($client, function () use (&$handled) {
                    return $handled === ['second'];
                });
            }
            $handled[] = $message->text;
        });
        $this->play($client, function (): void {
            self::simulator()->message('first', ['conversationId' => 'a']);
            self::simulator()->message('second', ['conversationId' => 'b']);
        }, 2);
        self::assertSame(['second', 'first'], $handled);
    }

    /**
     * Starts a client, pushes, lets it handle and gives the answers.
     *
     * @return list<array<string, mixed>>
     */
    private function play(Client $client, \Closure $push, int $answers = 1): array
    {
        $client->start()->wait();
        $push();
        $deadline = \hrtime(true) + self::DEADLINE_NS;
        do {
            $client->poll(20);
            $records = self::simulator()->records('answer', $answers, 0);
        } while (\count($records) < $answers && \hrtime(true) < $deadline);
        self::stop($client);
        self::assertCount($answers, $records);
        return $records;
    }
}
