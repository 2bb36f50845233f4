<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\Tests\Support\SimulatedTestCase;

final class LogTest extends SimulatedTestCase
{
    /** A bot that handles one message and ends. */
    private const BOT = <<<'PHP'
        $client = new DingStream\Client('ding-demo', 'demo-secret', answerMessage: 'on_completion', logger: $logger);
        $break = fn (string $text) => throw new LogicException('it broke', 0, new DomainException('its cause'));
        $client->onMessage(function ($message) use ($client, $break) {
            $client->stop(5000);
            $break($message->text);
        });
        $client->run();
        PHP;

    public function testWithoutALoggerAHandlersExceptionGoesToStandardErrorWithItsTraceAndTheId(): void
    {
        $told = $this->told('null');
        $id = self::simulator()->records('push')[0]['messageId'];
        self::assertStringStartsWith("[dingstream] error: a handler of kind message failed on delivery $id\n", $told);
        self::assertStringContainsString("\nLogicException: it broke in ", $told);
        self::assertMatchesRegularExpression('/^#\d+ .*Receiver->receive\(\)$/m', $told);
        self::assertStringContainsString("\nCaused by DomainException: its cause in ", $told);
        self::assertStringNotContainsString('planted', $told, 'the arguments of a trace are what people write');
    }

    public function testALoggerGetsTheExceptionAndTheId(): void
    {
        $client = $this->client()->onMessage(fn () => throw new \LogicException('it broke'));
        $client->start()->wait();
        self::simulator()->message('hi');
        self::until($client, fn () => $this->log->records !== []);
        $id = self::simulator()->records('push')[0]['messageId'];
        ['level' => $level, 'context' => $context] = $this->log->records[0];
        self::assertSame(['error', $id], [$level, $context['id']]);
        self::assertSame('it broke', $context['exception']->getMessage());
        self::stop($client);
    }

    public function testALoggerThatFailsIsToldOfAndEndsNothing(): void
    {
        $told = $this->told(<<<'PHP'
            new class extends Psr\Log\AbstractLogger {
                public function log($level, $message, array $context = []): void
                {
                    throw new RuntimeException('the disk is full');
                }
            }
            PHP);
        self::assertStringStartsWith('[dingstream] error: the logger failed', $told);
        self::assertStringContainsString("\nRuntimeException: the disk is full in ", $told);
        self::assertSame(500, self::simulator()->records('answer')[0]['code']);
    }

    public function testWarningsAreTheLeastThatIsToldUnlessMoreIsAskedFor(): void
    {
        foreach (['warn' => ['warning'], 'info' => ['info', 'warning']] as $level => $expected) {
            $this->setUp();
            $client = $this->client(['logLevel' => $level])->onMessage(fn ($message) => $message->take());
            $client->start()->wait();
            self::simulator()->message('hi');
            self::until($client, fn () => \in_array('warning', $this->levels(), true));
            self::assertSame($expected, $this->levels());
            self::stop($client);
        }
    }

    /**
     * @return list<string>
     */
    private function levels(): array
    {
        return \array_column($this->log->records, 'level');
    }

    private function told(string $logger): string
    {
        $setup = "require 'Psr/Log/autoload.php'; \$logger = $logger;\n";
        $arguments = ['-d', 'zend.exception_ignore_args=0'];
        $push = fn () => self::simulator()->message('planted-text');
        [$told, $code] = self::php($setup . self::BOT, $arguments, [], $push);
        self::assertSame(0, $code, $told);
        return $told;
    }
}
