<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Exception\AnsweredException;
use DingStream\Space;
use DingStream\State;
use DingStream\Tests\Support\TypingTestCase;

/**
 * Every session ends, whatever happens.
 */
final class TypedTest extends TypingTestCase
{
    public function testAnEndThatIsWaitedForHoldsUpNoOther(): void
    {
        self::simulator()->spoil(['what' => 'PUT /v1.0/card/instances', 'delayMs' => 6000, 'times' => 1]);
        [$begun, $ended] = [[], []];
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$begun, &$ended): void {
            $begun[] = $message->text;
            $message->card()->finish()->wait();
            $ended[] = $message->text;
        });
        $client->start()->wait();
        self::simulator()->message('slow', ['conversationId' => 'a']);
        self::until($client, function () use (&$begun) {
            return $begun === ['slow'];
        });
        self::simulator()->taken('card', 2);
        self::simulator()->message('fast', ['conversationId' => 'b']);
        self::until($client, function () use (&$ended) {
            return \count($ended) === 2;
        });
        self::assertSame(['fast', 'slow'], $ended);
        self::stop($client);
    }

    public function testAnEndThatAHandlerReturnsIsWaitedFor(): void
    {
        $this->handled(fn (BotMessage $message) => $message->card()->fail('no model'));
        self::assertSame(['no model', 'failed'], self::shown(self::simulator()->cards()[0]));
    }

    public function testASessionThatIsGivenUpFailsWithItsFallback(): void
    {
        $card = $this->client()->card(Space::group('cid'), fallback: 'gone wrong');
        $card->push('half');
        unset($card);
        self::untilShown('gone wrong', 'failed');
    }

    public function testAnExceptionThatLeavesTheHandlerEndsItsSession(): void
    {
        $client = $this->client()->onMessage(function (BotMessage $message): void {
            $card = $message->card(fallback: 'gone wrong');
            $card->push('half');
            throw new \LogicException('the model broke');
        });
        $client->start()->wait();
        self::simulator()->message('hi');
        self::until($client, fn () => $this->log->records !== []);
        self::untilShown('gone wrong', 'failed');
        self::assertSame('the model broke', $this->log->records[0]['context']['exception']->getMessage());
        self::assertSame(500, self::simulator()->records('answer')[0]['code']);
        self::stop($client);
    }

    public function testAStopEndsWhatIsOpen(): void
    {
        $card = null;
        $client = $this->handled(function (BotMessage $message) use (&$card): void {
            $card = $message->card(fallback: 'gone wrong');
        });
        self::assertSame(['gone wrong', 'failed'], self::shown(self::simulator()->cards()[0]));
        self::assertSame(State::Stopped, $client->state());
        $this->expectException(AnsweredException::class);
        $card->push('more');
    }

    public function testASessionOutlivesItsMessageAndItsClient(): void
    {
        $card = $this->client()->card(Space::group('cid'));
        \gc_collect_cycles();
        $card->push('whole');
        $card->finish()->wait();
        self::assertSame(['whole', 'finished'], self::shown(self::simulator()->cards()[0]));
    }

    public function testAfterItsEndASessionTakesNothing(): void
    {
        $card = $this->client()->card(Space::group('cid'));
        $card->push('x');
        $card->finish()->wait();
        $attempts = [
            fn () => $card->push('y'),
            fn () => $card->set('y'),
            fn () => $card->button('b', id: 'i'),
            fn () => $card->value('msgTitle', 't'),
            fn () => $card->finish()->wait(),
            fn () => $card->fail()->wait(),
        ];
        foreach ($attempts as $attempt) {
            self::assertInstanceOf(AnsweredException::class, self::failureOf($attempt));
        }
        self::assertSame(['x', 'finished'], self::shown(self::simulator()->cards()[0]));
    }

    public function testWhereCardsAreRefusedTheTextIsAReplyAndTheResultSaysWhy(): void
    {
        self::simulator()->spoil([
            'what' => 'POST /v1.0/card/instances/createAndDeliver',
            'code' => 'param.templateUnpublished',
        ]);
        $result = null;
        $this->handled(function (BotMessage $message) use (&$result): void {
            $card = $message->card();
            $card->push('All **of** it');
            $result = $card->finish()->wait();
        });
        self::assertSame('session', $result['via']);
        self::assertStringContainsString('not published', $result['degraded']['message']);
        self::assertSame('All **of** it', self::simulator()->records('reply')[0]['body']['markdown']['text']);
    }

    public function testTheChildOfAForkCanNotTypeAndLeavesTheCardAlone(): void
    {
        [$output, $code] = self::php(<<<'PHP'
            $client = new DingStream\Client('ding-demo', 'demo-secret');
            $card = $client->card(DingStream\Space::group('cid'));
            if (pcntl_fork() === 0) {
                try {
                    $card->push('from the child');
                } catch (DingStream\Exception\ForkedException $error) {
                    echo "$error->kind\n";
                }
                unset($card);
                exit(0);
            }
            pcntl_wait($status);
            $card->push('from the parent');
            echo $card->finish()->wait()['state'], "\n";
            PHP);
        self::assertSame(["forked\nfinished\n", 0], [$output, $code]);
        self::assertSame(['from the parent', 'finished'], self::shown(self::simulator()->cards()[0]));
    }
}
