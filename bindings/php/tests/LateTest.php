<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\CardAction;
use DingStream\Client;
use DingStream\Event;
use DingStream\Exception\ExpiredException;
use DingStream\Tests\Support\SimulatedTestCase;

final class LateTest extends SimulatedTestCase
{
    private const AT_ONCE = ['answerWithinCardMs' => 20, 'answerWithinEventMs' => 20];

    public function testAResponseThatComesTooLateIsToldAndIsNoFailure(): void
    {
        $clicks = 0;
        $client = $this->client(self::AT_ONCE)->onCard(function (CardAction $action) use (&$clicks): string {
            self::simulator()->records('answer', ++$clicks);
            return 'clicked';
        });
        $this->click($client, 'first');
        $this->click($client, 'second');
        self::assertSame(
            ['{"response":{}}', '{"response":{}}'],
            \array_column(self::simulator()->records('answer', 2), 'data')
        );
        self::assertSame(['warning', 'warning'], \array_column($this->log->records, 'level'));
        self::assertStringContainsString('a response came to nothing', $this->log->records[0]['message']);
        self::stop($client);
    }

    public function testAResponseThatComesInTimeIsNotTold(): void
    {
        $client = $this->client()->onCard(fn (CardAction $action): string => 'clicked');
        $this->click($client, 'quick');
        self::assertSame('{"response":"clicked"}', self::simulator()->records('answer')[0]['data']);
        self::assertSame([], $this->log->records);
        self::stop($client);
    }

    public function testAnEventThatIsSettledTooLateIsSettledAllTheSame(): void
    {
        $client = $this->client(self::AT_ONCE)->onEvent(function (Event $event): void {
            self::simulator()->records('answer');
        });
        $client->start()->wait();
        self::simulator()->push(['kind' => 'event', 'eventType' => 'user_add_org']);
        self::until($client, fn () => $client->stats()['ok'] === 1);
        self::assertStringContainsString('LATER', self::simulator()->records('answer')[0]['data']);
        self::assertSame([], $this->log->records);
        self::stop($client);
    }

    public function testWhoSettlesByHandIsToldThatItIsTooLate(): void
    {
        $failure = null;
        $client = $this->client(self::AT_ONCE)->onCard(function (CardAction $action) use (&$failure): void {
            self::simulator()->records('answer');
            try {
                $action->ok('clicked');
            } catch (ExpiredException $caught) {
                $failure = $caught;
            }
        });
        $this->click($client, 'slow');
        self::assertSame('expired', $failure?->kind);
        self::assertStringContainsString('update the card', $failure->hint);
        self::assertSame(['warning'], \array_column($this->log->records, 'level'));
        self::stop($client);
    }

    public function testAfterItsDeadlineAHandlerMayEndAsItLikes(): void
    {
        $handled = 0;
        $client = $this->client(['handlerDeadlineMs' => 20])->onMessage(
            function (BotMessage $message) use (&$handled): void {
                self::simulator()->records('answer', ++$handled);
                $message->text === 'throw' && throw new \LogicException('too late');
            }
        );
        $client->start()->wait();
        foreach (['return', 'throw', 'return'] as $index => $text) {
            self::simulator()->message($text);
            self::until($client, function () use (&$handled, $index) {
                return $handled === $index + 1;
            });
        }
        self::assertSame([500, 500, 500], \array_column(self::simulator()->records('answer', 3), 'code'));
        self::until($client, fn () => $this->logged('warning') === 3);
        self::assertSame(1, $this->logged('error'));
        self::stop($client);
    }

    private function logged(string $level): int
    {
        return \count(\array_keys(\array_column($this->log->records, 'level'), $level, true));
    }

    private function click(Client $client, string $card): void
    {
        $client->start()->wait();
        $handled = $client->stats()['ok'];
        self::simulator()->push(['kind' => 'card', 'outTrackId' => $card]);
        self::until($client, fn () => $client->stats()['ok'] > $handled);
        $client->poll();
    }
}
