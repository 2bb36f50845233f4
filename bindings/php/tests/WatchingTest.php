<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Tests\Support\SimulatedTestCase;

final class WatchingTest extends SimulatedTestCase
{
    public function testNumbersMayBeAskedForAtAnyMoment(): void
    {
        $inHandler = null;
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$client, &$inHandler): void {
            $inHandler = $client->stats();
        });
        self::assertSame(['opened' => 0, 'connections' => 0], self::some($client->stats(), 'opened', 'connections'));
        $client->start()->wait();
        self::simulator()->message('hi');
        self::until($client, fn () => $client->stats()['ok'] === 1);
        self::assertSame(
            ['messages' => 1, 'ok' => 0, 'connections' => 1, 'in_flight' => 1],
            self::some($inHandler, 'messages', 'ok', 'connections', 'in_flight')
        );
        self::stop($client);
        self::assertSame(
            ['opened' => 1, 'connections' => 0, 'in_flight' => 0],
            self::some($client->stats(), 'opened', 'connections', 'in_flight')
        );
    }

    public function testMetricsAreTheSameNumbersForPrometheus(): void
    {
        $client = $this->client();
        \preg_match_all('/^dingstream_(\w+)\{client_id="ding-demo"\} 0$/m', $client->metrics(), $found);
        $names = \array_map(static fn (string $name) => \preg_replace('/_total$/', '', $name), $found[1]);
        self::assertSame(\array_keys($client->stats()), $names);
    }

    public function testStartedTwiceIsStartedOnce(): void
    {
        $client = $this->client()->onMessage(fn () => null);
        [$first, $second] = [$client->start(), $client->start()];
        $first->wait();
        $second->wait();
        $client->start()->wait();
        self::assertSame(['opened' => 1, 'connections' => 1], self::some($client->stats(), 'opened', 'connections'));
        self::stop($client);
    }

    public function testSeveralConnectionsAreKeptWhereOneIsNotEnough(): void
    {
        $client = $this->client(['connections' => 2])->onMessage(fn () => null);
        $client->start()->wait();
        self::simulator()->records('connect', 2);
        self::until($client, fn () => $client->stats()['connections'] === 2);
        self::stop($client);
    }

    /**
     * @param array<string, int> $stats
     *
     * @return array<string, int>
     */
    private static function some(array $stats, string ...$names): array
    {
        return \array_combine($names, \array_map(static fn (string $name) => $stats[$name], $names));
    }
}
