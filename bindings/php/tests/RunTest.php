<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Message;
use DingStream\State;
use DingStream\StateChange;
use DingStream\Tests\Support\SimulatedTestCase;

final class RunTest extends SimulatedTestCase
{
    public function testASignalStopsARunAndTheHandlersFinish(): void
    {
        $client = $this->client()->onMessage(function (BotMessage $message): void {
            \posix_kill((int) \getmypid(), \SIGTERM);
            $message->reply(Message::text('last words'))->wait();
        });
        $client->onState(fn (StateChange $change) => $change->state === 'open' && self::simulator()->message('hi'));
        $mine = static fn () => null;
        \pcntl_signal(\SIGTERM, $mine);
        $client->run();
        self::assertSame($mine, \pcntl_signal_get_handler(\SIGTERM));
        \pcntl_signal(\SIGTERM, \SIG_DFL);
        self::assertSame(State::Stopped, $client->state());
        self::assertSame(['reply', 'answer'], \array_column(self::simulator()->records('reply,answer', 2), 'kind'));
    }

    public function testAHandlerMayStopItsClientAndWaitForIt(): void
    {
        $isOver = false;
        $client = $this->client(['answerMessage' => 'on_receipt'])->onMessage(
            function (BotMessage $message) use (&$client, &$isOver): void {
                $message->ok();
                $client->stop(5000)->wait();
                $isOver = true;
            }
        );
        $client->onState(fn (StateChange $change) => $change->state === 'open' && self::simulator()->message('hi'));
        $client->run();
        self::assertTrue($isOver);
    }

    /**
     * @dataProvider endless
     */
    public function testAHandlerThatNeverEndsHoldsUpARunNoLongerThanItsDeadline(string $suspend): void
    {
        [$output, $code] = self::php(<<<PHP
            \$client = new DingStream\Client('ding-demo', 'demo-secret', logLevel: 'error');
            \$client->onMessage(function () use (\$client): void {
                \$client->stop(50);
                echo "handled\n";
                $suspend;
            });
            \$client->run();
            echo \$client->state()->label();
            PHP, [], [], fn () => self::simulator()->message('hi'));
        self::assertSame(["handled\nstopped", 0], [$output, $code]);
    }

    /**
     * @return array<string, array{string}>
     */
    public function endless(): array
    {
        return [
            'it waits here' => ['DingStream\Client::sleep(PHP_INT_MAX >> 24)'],
            'it waits elsewhere' => ['Fiber::suspend()'],
        ];
    }

    public function testAHandlerThatBlocksPhpHoldsUpNoPing(): void
    {
        $pings = [];
        $client = $this->client()->onMessage(function () use (&$client, &$pings): void {
            self::simulator()->push(['kind' => 'system', 'topic' => 'ping', 'data' => ['opaque' => 'o']]);
            $pings = self::simulator()->records('ping');
            $client->stop(5000);
        });
        $client->onState(fn (StateChange $change) => $change->state === 'open' && self::simulator()->message('hi'));
        $client->run();
        self::assertCount(1, $pings);
    }

    public function testAClientThatIsGivenUpInItsHandlerLeaves(): void
    {
        $client = $this->client();
        $other = $this->client()->onMessage(fn () => null);
        $client->onMessage(static function () use (&$client): void {
            $client = null;
        });
        $client->start()->wait();
        self::simulator()->message('hi');
        self::until($other, function () use (&$client) {
            return $client === null;
        });
        self::assertCount(1, self::simulator()->records('close'));
    }

    public function testAStoppedClientRunsAgain(): void
    {
        $client = $this->client()->onMessage(function () use (&$client): void {
            $client->stop(5000);
        });
        $client->onState(fn (StateChange $change) => $change->state === 'open' && self::simulator()->message('hi'));
        $client->run();
        $client->run();
        self::assertCount(2, self::simulator()->records('answer', 2));
    }

    public function testARunThatBeginsWhileTheOneBeforeStopsIsNotEndedByIt(): void
    {
        $opened = 0;
        $client = $this->client()->onMessage(function () use (&$client): void {
            $client->stop(5000);
        });
        $client->onState(function (StateChange $change) use (&$opened): void {
            $opened += (int) ($change->state === 'open');
            $change->state === 'open' && $opened === 2 && self::simulator()->message('hi');
        });
        $client->start()->wait();
        $client->stop(5000);
        $client->run();
        self::assertSame([2, State::Stopped], [$opened, $client->state()]);
        self::assertCount(1, self::simulator()->records('answer'));
    }

    public function testRunWorksWithoutPcntl(): void
    {
        [$output, $code] = self::php(<<<'PHP'
            $client = (new DingStream\Client('ding-demo', 'demo-secret'))->onMessage(fn () => null);
            $client->onState(function (DingStream\StateChange $change) use ($client): void {
                echo $change->state, "\n";
                $change->state === 'open' && $client->stop(5000);
            });
            $client->run();
            PHP, ['-d', 'disable_functions=pcntl_signal,pcntl_signal_dispatch,pcntl_signal_get_handler']);
        self::assertSame(["connecting\nopen\nstopping\nstopped\n", 0], [$output, $code]);
    }

    public function testALoopOfItsOwnWaitsForTheStream(): void
    {
        $texts = [];
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$texts): void {
            $texts[] = $message->text;
        });
        $client->start()->wait();
        $stream = $client->stream();
        while ($client->poll() > 0) {
            continue;
        }
        self::simulator()->message('hi');
        [$readable, $none] = [[$stream], null];
        self::assertSame(1, \stream_select($readable, $none, $none, 10));
        self::assertSame(1, $client->poll());
        self::assertSame(['hi'], $texts);
        $readable = [$stream];
        self::assertSame(0, \stream_select($readable, $none, $none, 0));
        self::stop($client);
    }

    public function testAProgramThatJustEndsEndsAtOnce(): void
    {
        [$output, $code] = self::php(<<<'PHP'
            $client = (new DingStream\Client('ding-demo', 'demo-secret'))->onMessage(fn () => null);
            $client->start()->wait();
            echo $client->state()->label();
            PHP);
        self::assertSame(['open', 0], [$output, $code]);
        self::assertCount(1, self::simulator()->records('close'));
    }

    public function testWithoutALoggerWarningsGoToStandardError(): void
    {
        [$output] = self::php(<<<'PHP'
            $client = new DingStream\Client('ding-demo', 'wrong');
            try {
                $client->onMessage(fn () => null)->run();
            } catch (DingStream\Exception\AuthException $error) {
                fwrite(STDERR, $error->kind);
            }
            PHP);
        self::assertStringEndsWith('auth', $output);
    }

    public function testTheExampleSaysBackWhatItHears(): void
    {
        $process = \proc_open(
            [\PHP_BINARY, \dirname(__DIR__, 3) . '/examples/echo.php'],
            [],
            $pipes,
            \dirname(AUTOLOAD, 2),
            [
                'DINGSTREAM_ENDPOINT' => self::simulator()->url,
                'DINGTALK_CLIENT_ID' => 'ding-demo',
                'DINGTALK_CLIENT_SECRET' => 'demo-secret',
            ]
        );
        self::assertIsResource($process);
        self::simulator()->records('connect');
        self::simulator()->message('hi');
        self::assertSame('**hi**', self::simulator()->records('reply')[0]['body']['markdown']['text'] ?? null);
        \proc_terminate($process);
        self::assertSame(0, \proc_close($process));
    }

    public function testMemoryStaysFlat(): void
    {
        $handled = 0;
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$handled): void {
            \strlen($message->text ?? '');
            $handled++;
        });
        $client->start()->wait();
        $used = [];
        foreach ([500, 1000, 1500] as $total) {
            self::simulator()->message('hi', ['count' => 500]);
            self::until($client, function () use (&$handled, $total) {
                return $handled >= $total;
            });
            $used[] = \memory_get_usage();
        }
        self::stop($client);
        self::assertLessThan(4096, $used[2] - $used[1]);
    }
}
