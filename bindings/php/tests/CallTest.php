<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Call;
use DingStream\Client;
use DingStream\Exception\CancelledException;
use DingStream\Exception\DingStreamException;
use DingStream\Message;
use DingStream\Tests\Support\SimulatedTestCase;

final class CallTest extends SimulatedTestCase
{
    public function testAReplyTellsTheWayItTook(): void
    {
        $result = $this->inHandler(fn (BotMessage $message) => $message->reply(Message::text('yes'))->wait());
        self::assertSame(['via' => 'session'], $result);
    }

    public function testOutsideOfAHandlerAWaitLetsHandlersGoOn(): void
    {
        $client = $this->client()->onMessage(fn (BotMessage $message) => $message->reply(Message::text('yes')));
        $client->start()->wait();
        self::simulator()->message('hi');
        self::untilArrived($client);
        self::stop($client);
        self::assertSame(['reply', 'answer'], \array_column(self::simulator()->records('reply,answer', 2), 'kind'));
    }

    public function testAWaitThatRunsOutGivesNullAndTheCallGoesOn(): void
    {
        self::simulator()->spoil(['what' => 'webhook', 'delayMs' => 3000, 'times' => 1]);
        $results = $this->inHandler(function (BotMessage $message): array {
            $call = $message->reply(Message::text('yes'));
            return [$call->wait(1), $call->isOver(), $call->wait(), $call->isOver()];
        });
        self::assertSame([null, false, ['via' => 'session'], true], $results);
    }

    public function testAWaitOutsideOfAHandlerRunsOutToo(): void
    {
        self::simulator()->spoil(['what' => 'open', 'delayMs' => 3000, 'times' => 1]);
        $client = $this->client()->onMessage(fn () => null);
        $call = $client->start();
        self::assertNull($call->wait(1));
        self::assertSame([], $call->wait());
        self::stop($client);
    }

    public function testACallThatIsCancelledFailsWithThatKind(): void
    {
        self::simulator()->spoil(['what' => 'webhook', 'delayMs' => 5000]);
        foreach ([false, true] as $isWaitedFor) {
            $failure = $this->inHandler(function (BotMessage $message) use ($isWaitedFor): DingStreamException {
                $call = $message->reply(Message::text('yes'));
                $isWaitedFor && $call->wait(1);
                $call->cancel();
                return $this->failure($call);
            });
            self::assertInstanceOf(CancelledException::class, $failure);
        }
    }

    public function testSeveralMayWaitForOneCall(): void
    {
        $call = null;
        $done = [];
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$call, &$done): void {
            $call ??= $message->reply(Message::text('yes'));
            $done[] = $call->wait();
        });
        self::simulator()->spoil(['what' => 'webhook', 'delayMs' => 100]);
        $client->start()->wait();
        self::simulator()->message('a', ['conversationId' => 'a']);
        self::simulator()->message('b', ['conversationId' => 'b']);
        self::until($client, function () use (&$done) {
            return \count($done) === 2;
        });
        self::assertSame([['via' => 'session'], ['via' => 'session']], $done);
        self::stop($client);
    }

    /**
     * @dataProvider looks
     */
    public function testAnErrorThatNobodyLooksAtIsLogged(?int $lookedMs): void
    {
        // A look that is too early must not come late.
        $refusal = ['errcode' => 310000, 'errmsg' => 'sign not match', 'delayMs' => $lookedMs === null ? 0 : 3000];
        self::simulator()->spoil(['what' => 'webhook'] + $refusal);
        $client = $this->client()->onMessage(function (BotMessage $message) use ($lookedMs): void {
            $call = $message->reply(Message::text('yes'));
            if ($lookedMs !== null) {
                $call->wait($lookedMs);
            }
        });
        $client->start()->wait();
        self::simulator()->message('hi');
        self::until($client, fn () => $this->log->records !== []);
        self::assertSame('warning', $this->log->records[0]['level']);
        self::assertStringContainsString('nobody looked at the error', $this->log->records[0]['message']);
        self::assertStringContainsString('310000', $this->log->records[0]['message']);
        self::stop($client);
    }

    /**
     * @return array<string, array{int|null}>
     */
    public function looks(): array
    {
        return ['never' => [null], 'too early' => [1]];
    }

    private function failure(Call $call): DingStreamException
    {
        try {
            $call->wait();
        } catch (DingStreamException $failure) {
            return $failure;
        }
        self::fail('it did not fail');
    }

    /**
     * What a handler of one message makes of it.
     */
    private function inHandler(\Closure $handler): mixed
    {
        $made = null;
        $isDone = false;
        $client = $this->client()->onMessage(function (BotMessage $message) use ($handler, &$made, &$isDone): void {
            $made = $handler($message);
            $isDone = true;
        });
        $client->start()->wait();
        self::simulator()->message('hi');
        self::until($client, function () use (&$isDone) {
            return $isDone;
        });
        $client->stop(100)->wait();
        return $made;
    }
}
