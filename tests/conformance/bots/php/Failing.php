<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\Client;
use DingStream\Exception\DingStreamException;
use DingStream\Message;
use DingStream\Webhook;

/**
 * Errors of every kind that a bot can meet.
 */
trait Failing
{
    private function failByText(BotMessage $message): void
    {
        try {
            match ($message->text) {
                'elsewhere' => $this->client->request('GET', 'https://elsewhere/')->wait(),
                'config' => new Client('', 'demo-secret'),
                'long' => $message->reply(Message::text(\str_repeat('x', 1_048_576)))->wait(),
                'cancel' => $this->cancel(),
                'closed' => self::close(),
                'busy' => self::crowd(),
                default => null,
            };
        } catch (DingStreamException $error) {
            self::sayError($error);
        }
    }

    private function cancel(): void
    {
        $call = $this->client->send(Message::text('x'), group: 'cid1==');
        $call->cancel();
        $call->wait();
    }

    private static function close(): void
    {
        $client = (new Client('ding-second', 'second-secret'))->onMessage(fn () => null);
        $start = $client->start();
        $client->stop(0);
        $start->wait();
    }

    private static function crowd(): void
    {
        $webhook = new Webhook(\getenv('DINGSTREAM_BOT_WEBHOOK') ?: '', overflow: 'wait');
        $calls = \array_map(static fn () => $webhook->send(Message::text('x')), \range(1, 1100));
        \end($calls)->wait();
    }
}
