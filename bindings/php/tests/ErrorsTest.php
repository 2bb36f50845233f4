<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Client;
use DingStream\Event;
use DingStream\Exception;
use DingStream\Exception\DingStreamException;
use DingStream\Internal\Native;
use DingStream\Internal\Tables;
use DingStream\Message;
use DingStream\Tests\Support\SimulatedTestCase;

final class ErrorsTest extends SimulatedTestCase
{
    public function testEveryKindHasItsClass(): void
    {
        $header = (string) \file_get_contents(\dirname(AUTOLOAD) . '/dingstream/dingstream/lib/dingstream.ffi.h');
        \preg_match_all('/DINGSTREAM_ERROR_KIND_(\w+) = (\d+)/', $header, $kinds, \PREG_SET_ORDER);
        self::assertCount(\count(Tables::EXCEPTIONS), $kinds);
        foreach ($kinds as [, $name, $number]) {
            self::assertSame(\strtolower($name), Tables::ERROR_KINDS[(int) $number]);
            self::assertTrue(\is_subclass_of(Tables::EXCEPTIONS[(int) $number], DingStreamException::class));
        }
    }

    public function testARefusedCredentialSaysWhatToDo(): void
    {
        $client = new Client('ding-demo', 'wrong', endpoint: self::simulator()->url, logger: $this->log);
        $client->onMessage(fn () => null);
        try {
            $client->start()->wait();
            self::fail('it was accepted');
        } catch (Exception\AuthException $error) {
            self::assertSame(['auth', 'open', 401, 'authFailed'], [
                $error->kind,
                $error->stage,
                $error->httpStatus,
                $error->platformCode,
            ]);
            self::assertStringEndsWith($error->hint, $error->getMessage());
            self::assertNotSame('', $error->requestId);
            self::assertFalse($error->retryable);
        }
    }

    public function testRunGivesTheRefusalOfItsStart(): void
    {
        $states = [];
        $client = new Client('ding-demo', 'wrong', endpoint: self::simulator()->url, logger: $this->log);
        $client->onMessage(fn () => null)->onState(function ($change) use (&$states): void {
            $states[] = $change->state;
        });
        try {
            $client->run();
            self::fail('it was accepted');
        } catch (Exception\AuthException) {
            self::assertSame(['connecting', 'stopping', 'stopped'], $states);
        }
        $this->expectException(Exception\ConfigException::class);
        $this->expectExceptionMessage('nothing is subscribed');
        $this->client()->run();
    }

    /**
     * @dataProvider configurations
     *
     * @param array<string, mixed> $options
     */
    public function testAConfigurationThatCantWorkIsRefused(array $options, string $message): void
    {
        $this->expectException(Exception\ConfigException::class);
        $this->expectExceptionMessage($message);
        new Client(...$options + ['clientId' => 'id', 'clientSecret' => 'planted-secret']);
    }

    /**
     * @return array<string, array{array<string, mixed>, string}>
     */
    public function configurations(): array
    {
        return [
            'no id' => [['clientId' => ' '], 'client_id is empty'],
            'no URL' => [['endpoint' => 'ftp://x'], 'the endpoint is no http or https URL'],
            'no room' => [['inboxCount' => 0], 'inbox_count takes a whole number above zero'],
            'no such word' => [['logLevel' => 'loud'], 'log_level takes one of off, error'],
            'no text' => [['extras' => ['a' => 1]], 'extras takes an object whose values are texts'],
        ];
    }

    public function testTheSecretIsInNoTraceAndNoDump(): void
    {
        try {
            new Client('id', 'planted-secret', endpoint: 'ftp://x');
            self::fail('it was accepted');
        } catch (Exception\ConfigException $error) {
            self::assertStringNotContainsString('planted', (string) $error);
        }
        $client = new Client('id', 'planted-secret');
        $dumps = \print_r($client, true) . \print_r(Message::text('planted'), true);
        self::assertStringNotContainsString('planted', $dumps);
    }

    /**
     * @dataProvider replies
     *
     * @param array<string, mixed>|null $break
     * @param array<string, mixed> $data
     * @param array<string, mixed> $options
     */
    public function testAReplyFailsWithItsKind(
        string $class,
        ?array $break,
        array $data = [],
        string $text = 'yes',
        array $options = []
    ): void {
        if ($break !== null) {
            self::simulator()->spoil(['what' => 'webhook'] + $break);
        }
        $failure = $this->failureOf(
            fn (BotMessage $message) => $message->reply(Message::text($text), via: 'session')->wait(),
            ['data' => (object) $data],
            $options
        );
        self::assertInstanceOf($class, $failure, (string) $failure?->getMessage());
        self::assertStringStartsWith('call:reply', $failure->stage);
    }

    /**
     * @return array<string, list<mixed>>
     */
    public function replies(): array
    {
        return [
            'argument' => [Exception\ArgumentException::class, null, [], ' '],
            'not_found' => [Exception\NotFoundException::class, null, ['sessionWebhook' => null]],
            'expired' => [Exception\ExpiredException::class, null, ['sessionWebhookExpiredTime' => 1]],
            'network' => [Exception\NetworkException::class, null, ['sessionWebhook' => 'http://127.0.0.1:1/']],
            'rejected' => [Exception\RejectedException::class, ['errcode' => 310000, 'errmsg' => 'sign not match']],
            'throttled' => [Exception\ThrottledException::class, ['errcode' => 410100, 'errmsg' => 'too fast']],
            'protocol' => [Exception\ProtocolException::class, ['html' => true]],
            'timeout' => [
                Exception\TimeoutException::class,
                ['delayMs' => 20_000],
                [],
                'yes',
                ['requestTimeoutMs' => 200],
            ],
        ];
    }

    public function testWhatIsNoMessageCantBeRepliedTo(): void
    {
        $failure = null;
        $client = $this->client()->onEvent(function (Event $event) use (&$failure): void {
            try {
                $event->reply(Message::text('yes'))->wait();
            } catch (Exception\ArgumentException $caught) {
                $failure = $caught;
            }
        });
        $client->start()->wait();
        self::simulator()->push(['kind' => 'event', 'eventType' => 'user_add_org']);
        self::until($client, function () use (&$failure) {
            return $failure !== null;
        });
        self::assertStringContainsString('can\'t be replied to', $failure->getMessage());
        self::stop($client);
    }

    public function testTextThatIsNotUtf8IsAnArgumentError(): void
    {
        $failure = $this->failureOf(fn (BotMessage $message) => $message->reply(Message::text("\xff")));
        self::assertInstanceOf(Exception\ArgumentException::class, $failure);
        $failure = $this->failureOf(fn (BotMessage $message) => $message->later("\xff"));
        self::assertInstanceOf(Exception\ArgumentException::class, $failure);
    }

    public function testAStartThatIsStoppedFirstIsClosed(): void
    {
        self::simulator()->spoil(['what' => 'open', 'status' => 503]);
        $client = $this->client()->onMessage(fn () => null);
        $start = $client->start();
        $client->stop(0);
        $this->expectException(Exception\ClosedException::class);
        $start->wait();
    }

    public function testAChildOfAForkIsToldSoAndMayMakeAClientOfItsOwn(): void
    {
        [$output, $code] = self::php(<<<'PHP'
            $make = fn () => (new DingStream\Client('ding-demo', 'demo-secret'))->onMessage(fn () => null);
            $client = $make();
            $client->start()->wait();
            $child = pcntl_fork();
            if ($child === 0) {
                try {
                    $client->stop()->wait();
                } catch (DingStream\Exception\ForkedException $error) {
                    echo $error->kind, "\n";
                }
                $own = $make();
                $own->start()->wait();
                echo $own->state()->label(), "\n";
                $own->stop(5000)->wait();
                exit(0);
            }
            pcntl_waitpid($child, $status);
            echo $client->state()->label(), ' ', pcntl_wexitstatus($status), "\n";
            $client->stop(5000)->wait();
            PHP);
        self::assertSame(["forked\nopen\nopen 0\n", 0], [$output, $code]);
    }

    /**
     * @param array<string, mixed> $message
     * @param array<string, mixed> $options
     */
    private function failureOf(\Closure $handler, array $message = [], array $options = []): ?DingStreamException
    {
        $failure = null;
        $client = $this->client($options)->onMessage(
            function (BotMessage $message) use ($handler, &$failure): void {
                try {
                    $handler($message);
                } catch (DingStreamException $caught) {
                    $failure = $caught;
                }
            }
        );
        $client->start()->wait();
        self::simulator()->message('hi', $message);
        self::until($client, function () use (&$failure) {
            return $failure !== null;
        });
        self::stop($client);
        return $failure;
    }
}
