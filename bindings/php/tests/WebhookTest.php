<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\Exception\ConfigException;
use DingStream\Exception\ThrottledException;
use DingStream\Internal\Sapi;
use DingStream\Message;
use DingStream\Tests\Support\SimulatedTestCase;
use DingStream\Webhook;

/**
 * Robots of a process are told apart by their addresses, and so are tests.
 */
final class WebhookTest extends SimulatedTestCase
{
    public function testAMessageIsSignedAndMentions(): void
    {
        $webhook = new Webhook(self::simulator()->robot('signed', 'SEC1'), 'SEC1', logger: $this->log);
        $sent = $webhook->send(Message::text('disk full', atMobiles: ['138']))->wait();
        self::assertSame(['sent' => 1], $sent);
        $shown = self::simulator()->records('robot')[0];
        self::assertSame([true, ['138']], [$shown['signed'], $shown['body']['at']['atMobiles']]);
    }

    public function testWhatOverflowsIsRefusedByChoice(): void
    {
        $webhook = new Webhook(self::simulator()->robot('drop'), overflow: 'drop', logger: $this->log);
        self::twenty($webhook);
        $this->expectException(ThrottledException::class);
        $webhook->send(Message::text('x'))->wait();
    }

    public function testOnTheCommandLineWhatOverflowsWaitsAndFlushTellsIt(): void
    {
        $webhook = new Webhook(self::simulator()->robot('flush'), logger: $this->log);
        self::twenty($webhook);
        $late = $webhook->send(Message::text('late'));
        self::assertSame(['left' => 1], $webhook->flush(10)->wait());
        self::assertFalse($late->isOver());
        $late->cancel();
    }

    public function testWhereARequestIsAnsweredWhatOverflowsIsRefused(): void
    {
        $chosen = \array_map(Sapi::overflow(...), ['cli', 'fpm-fcgi', 'cgi-fcgi']);
        self::assertSame(['wait', 'drop', 'drop'], $chosen);
    }

    public function testWhatIsTooLongIsSplitByChoice(): void
    {
        $webhook = new Webhook(self::simulator()->robot('split'), tooLong: 'split', logger: $this->log);
        self::assertSame(['sent' => 3], $webhook->send(Message::text(\str_repeat('字', 10000)))->wait());
    }

    public function testACallOutlivesItsWebhook(): void
    {
        $call = (new Webhook(self::simulator()->robot('outlived'), logger: $this->log))->send(Message::text('x'));
        self::assertSame(['sent' => 1], $call->wait());
    }

    public function testACallThatNobodyWaitsForGoesOn(): void
    {
        $webhook = new Webhook(self::simulator()->robot('forgotten'), logger: $this->log);
        $webhook->send(Message::text('x'));
        self::assertCount(1, self::simulator()->records('robot'));
    }

    public function testWhatCanNotWorkIsRefused(): void
    {
        $this->expectException(ConfigException::class);
        new Webhook('', logger: $this->log);
    }

    private static function twenty(Webhook $webhook): void
    {
        $calls = \array_map(static fn () => $webhook->send(Message::text('x')), \range(1, 20));
        foreach ($calls as $call) {
            $call->wait();
        }
    }
}
