<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\Exception\DingStreamException;
use DingStream\Markdown;
use DingStream\Message;
use DingStream\Webhook;

/**
 * What is said without being asked, and in every type that there is.
 */
trait Saying
{
    private function sayByText(BotMessage $message): void
    {
        try {
            match ($message->text) {
                'users' => $this->send(Message::markdown('t', 'x'), users: self::users()),
                'group' => $this->send(Message::text('x'), group: 'cid1=='),
                'request' => $this->request(),
                'robot' => self::robot(),
                'types' => self::everyType($message),
                'markdown' => self::markdown(),
                'support' => $this->support(),
                default => null,
            };
        } catch (DingStreamException $error) {
            self::sayError($error);
        }
    }

    /**
     * @return list<string>
     */
    private static function users(): array
    {
        return \array_map(static fn (int $index) => "u$index", \range(0, 24));
    }

    private function send(Message $message, mixed ...$target): void
    {
        $result = $this->client->send($message, ...$target)->wait();
        self::say(['sent' => \count($result['processQueryKeys'])]);
    }

    private function request(): void
    {
        $path = '/v1.0/contact/users/search';
        $result = $this->client->request('POST', $path, query: ['a' => 'b'], body: ['queryWord' => 'ann'])->wait();
        self::say(['answered' => $result['list'] ?? null]);
    }

    private static function markdown(): void
    {
        self::say(['markdown' => [
            Markdown::escape('a*b_[c]'),
            Markdown::mention('138'),
            Markdown::image('@p'),
            Markdown::link('https://a.b/?c=d', 'panel'),
            Markdown::fit("| a | b |\n| --- | --- |\n| 1 | 2 |\n"),
            ...Markdown::split(\implode(' ', \array_fill(0, 20, 'word')), 64),
        ]]);
    }

    private function support(): void
    {
        try {
            $this->client->request('POST', '/v1.0/contact/users/search')->wait();
        } catch (DingStreamException $error) {
            $lines = \preg_grep('/^(client id|HTTP status|code)/', \explode("\n", $error->supportText));
            self::say(['support' => \array_values($lines), 'requiredScopes' => $error->requiredScopes]);
        }
    }

    private static function robot(): void
    {
        $webhook = new Webhook(
            \getenv('DINGSTREAM_BOT_WEBHOOK') ?: '',
            \getenv('DINGSTREAM_BOT_WEBHOOK_SECRET') ?: '',
            overflow: 'drop'
        );
        self::say(['robot' => $webhook->send(Message::text('disk full'))->wait()['sent']]);
    }

    private static function everyType(BotMessage $message): void
    {
        $button = static fn (string $title) => ['title' => $title, 'url' => 'https://u'];
        $either = [
            Message::text('x'),
            Message::markdown('t', 'x'),
            Message::link('t', 'x', 'https://u', picture: 'https://p'),
            Message::actionCard('t', 'x', [$button('b1')]),
            Message::actionCard('t', 'x', [$button('b1'), $button('b2')], horizontal: true),
            Message::feedCard([['title' => 'a', 'url' => 'https://u', 'picture' => 'https://p']]),
        ];
        $openapi = [
            Message::image('@p'),
            Message::audio('@a', 4000),
            Message::file('@f', 'a.pdf'),
            Message::video('$v', '$c', 5),
        ];
        foreach (['auto' => $either, 'openapi' => $openapi] as $via => $replies) {
            foreach ($replies as $reply) {
                self::say(['replied' => $message->reply($reply, via: $via)->wait()['via']]);
            }
        }
    }
}
