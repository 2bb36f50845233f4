<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Event;
use DingStream\Exception\ArgumentException;
use DingStream\Exception\ConfigException;
use DingStream\Exception\TooLargeException;
use DingStream\Space;
use DingStream\State;
use DingStream\Tests\Support\TypingTestCase;

final class TypingTest extends TypingTestCase
{
    public function testATextIsTypedAndEndsWhole(): void
    {
        $result = null;
        $this->handled(function (BotMessage $message) use (&$result): void {
            $card = $message->card('Thinking…');
            self::untilShown('Thinking…');
            $card->push('Hello, ');
            self::untilShown('Hello, ');
            $card->push('**world**.');
            $result = $card->finish()->wait();
        });
        [$card] = self::simulator()->cards();
        self::assertSame(['Hello, **world**.', 'finished'], self::shown($card));
        self::assertSame(
            ['card', 'finished', $card['outTrackId'], [$card['outTrackId']]],
            [$result['via'], $result['state'], $result['outTrackId'], $result['outTrackIds']]
        );
        self::assertCount($result['calls'], self::simulator()->taken('card'));
    }

    public function testAClientThatNeverRunsTypesIntoASpace(): void
    {
        $client = $this->client();
        $card = $client->card(Space::robot('u1'), 'Thinking…', data: ['msgTitle' => 'A title']);
        $card->push('one');
        $card->set('two');
        $card->button('Like', id: 'like');
        $card->button('Docs', url: 'https://example.com');
        $card->value('logo', '@logo');
        $card->finish()->wait();
        [$seen] = self::simulator()->cards();
        self::assertSame(['two', 'finished'], self::shown($seen));
        self::assertSame(['IM_ROBOT', 'u1'], [$seen['spaces'][0]['spaceType'], $seen['spaces'][0]['spaceId']]);
        self::assertSame(['A title', '@logo'], [$seen['params']['msgTitle'], $seen['params']['logo']]);
        self::assertSame([
            ['text' => 'Like', 'id' => 'like', 'request' => true],
            ['text' => 'Docs', 'url' => 'https://example.com', 'iosUrl' => 'https://example.com'],
        ], \json_decode($seen['params']['sys_full_json_obj'], true)['msgButtons']);
        self::assertSame(State::Idle, $client->state());
    }

    public function testATemplateOfOnesOwnStreamsItsOwnVariable(): void
    {
        self::simulator()->template('mine.schema', ['answer', 'model'], ['markdown' => ['answer']]);
        $card = $this->client()->card(
            Space::group('cid'),
            '…',
            template: 'mine.schema',
            key: 'answer',
            data: ['model' => ['name' => 'm']]
        );
        $card->push('42');
        $card->finish()->wait();
        [$seen] = self::simulator()->cards();
        self::assertSame(['42', '{"name":"m"}'], [$seen['params']['answer'], $seen['params']['model']]);
    }

    public function testWhatCantBeTypedIsRefusedAndTheSessionGoesOn(): void
    {
        $card = $this->client()->card(Space::group('cid'));
        $attempts = [
            fn () => $card->push("\xff"),
            fn () => $card->value('n', \NAN),
            fn () => $card->button('b'),
            fn () => $card->button('b', url: 'https://e', id: 'i'),
        ];
        foreach ($attempts as $attempt) {
            self::assertInstanceOf(ArgumentException::class, self::failureOf($attempt));
        }
        $tooLarge = self::failureOf(fn () => $card->push(\str_repeat('x', 5 * 1024 * 1024)));
        self::assertInstanceOf(TooLargeException::class, $tooLarge);
        $card->push('good');
        $card->finish()->wait();
        self::assertSame(['good', 'finished'], self::shown(self::simulator()->cards()[0]));
    }

    /**
     * @dataProvider wrongOptions
     *
     * @param array<string, mixed> $options
     */
    public function testOptionsThatCantWorkAreRefused(array $options, string $message): void
    {
        $this->expectException(ConfigException::class);
        $this->expectExceptionMessage($message);
        $this->client()->card(Space::group('cid'), ...$options);
    }

    /**
     * @return array<string, array{array<string, mixed>, string}>
     */
    public function wrongOptions(): array
    {
        return [
            'too few calls' => [['maxCalls' => 2], 'max_calls is at least 3'],
            'too few characters' => [['maxChars' => 99], 'max_chars is at least 100'],
            'no key' => [['template' => 't'], 'a template and no key'],
            'nothing to fall back to' => [['fallback' => ' '], 'the fallback is empty'],
        ];
    }

    public function testWhatIsNoMessageOpensNoSession(): void
    {
        $failure = null;
        $client = $this->client()->onEvent(function (Event $event) use (&$failure): void {
            $failure = self::failureOf(fn () => $event->card());
        });
        $client->start()->wait();
        self::simulator()->push(['kind' => 'event', 'eventType' => 'user_add_org']);
        self::until($client, function () use (&$failure) {
            return $failure !== null;
        });
        self::assertInstanceOf(ArgumentException::class, $failure);
        self::stop($client);
    }

    public function testADumpShowsNothingOfItAndThereIsOneOfIt(): void
    {
        $card = $this->client()->card(Space::group('cid'), 'planted', data: ['msgTitle' => 'planted']);
        $card->push('planted');
        self::assertStringNotContainsString('planted', \print_r($card, true) . @\var_export($card, true));
        try {
            clone $card;
            self::fail('there are two');
        } catch (\Error $refusal) {
            self::assertStringContainsString('clone', $refusal->getMessage());
        }
        // Or it would end in the middle of the next test.
        $card->fail()->wait();
    }
}
