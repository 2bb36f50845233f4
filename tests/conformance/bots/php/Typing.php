<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\Call;
use DingStream\CardSession;
use DingStream\Client;
use DingStream\Exception\DingStreamException;
use DingStream\Space;

/**
 * Cards that are typed.
 */
trait Typing
{
    private ?CardSession $session = null;

    private function typing(): Client
    {
        return $this->client(['answerMessage' => 'on_completion', 'ordering' => 'none'])
            ->onMessage($this->counted($this->typeByText(...)));
    }

    private function typeByText(BotMessage $message): void
    {
        try {
            match ($message->text) {
                'hello' => self::hello($message),
                'long' => self::typed(self::opened($message, maxChars: 100), \str_repeat('字', 250)),
                'drop' => self::opened($message)->push('half'),
                'fail' => self::failed($message),
                'empty' => self::ended(self::opened($message)->finish()),
                'twice' => self::twiceTyped($message),
                'open' => $this->kept($message),
                'more' => $this->session?->push(' two'),
                'end' => $this->session === null ? null : self::ended($this->session->finish()),
                'own' => self::typed($message->card(
                    '…',
                    template: 'mine.schema',
                    key: 'answer',
                    data: ['model' => ['name' => 'm']]
                ), '42'),
                'space' => self::typed($this->client->card(Space::group('cid1=='), 'Thinking…'), 'hi'),
                'options' => self::opened($message, maxCalls: 2),
                default => null,
            };
        } catch (DingStreamException $error) {
            self::sayError($error);
        }
    }

    private static function opened(BotMessage $message, mixed ...$options): CardSession
    {
        return $message->card('Thinking…', ...['fallback' => 'gone wrong'] + $options);
    }

    private static function hello(BotMessage $message): void
    {
        $card = self::opened($message);
        $card->push('Hello, ');
        $card->push('**world**.');
        $card->button('Like', id: 'like');
        self::ended($card->finish());
    }

    private static function typed(CardSession $card, string $text): void
    {
        $card->push($text);
        self::ended($card->finish());
    }

    private static function failed(BotMessage $message): void
    {
        $card = self::opened($message);
        $card->push('half');
        self::ended($card->fail('no answer'));
    }

    private static function twiceTyped(BotMessage $message): void
    {
        $card = self::opened($message);
        $card->push('x');
        self::ended($card->finish());
        foreach ([fn () => $card->push('y'), fn () => $card->finish()->wait()] as $again) {
            try {
                $again();
            } catch (DingStreamException $error) {
                self::sayError($error);
            }
        }
    }

    private function kept(BotMessage $message): void
    {
        $this->session = self::opened($message);
        $this->session->push('one');
    }

    private static function ended(Call $end): void
    {
        $result = $end->wait();
        self::say(['card' => [
            'via' => $result['via'],
            'state' => $result['state'],
            'cards' => \count($result['outTrackIds']),
        ]]);
    }
}
