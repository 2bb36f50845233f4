<?php

declare(strict_types=1);

namespace DingStream\Tests\Support;

use DingStream\BotMessage;
use DingStream\Client;
use DingStream\Exception\DingStreamException;

/**
 * A test of cards that are typed, which looks at them as people do.
 */
abstract class TypingTestCase extends SimulatedTestCase
{
    /**
     * Has a client handle one message, and stops it.
     */
    protected function handled(\Closure $handler): Client
    {
        $handled = 0;
        $client = $this->client()->onMessage(function (BotMessage $message) use ($handler, &$handled): mixed {
            try {
                return $handler($message);
            } finally {
                $handled++;
            }
        });
        $client->start()->wait();
        self::simulator()->message('hi', ['senderStaffId' => 'staff-1']);
        self::until($client, function () use (&$handled) {
            return $handled === 1;
        });
        self::stop($client);
        return $client;
    }

    protected static function failureOf(\Closure $attempt): ?DingStreamException
    {
        try {
            $attempt();
            return null;
        } catch (DingStreamException $failure) {
            return $failure;
        }
    }

    /**
     * Waits until people see this text, and the card in this state.
     */
    protected static function untilShown(string $text, string $state = 'inputing'): void
    {
        $isShown = function () use ($text, $state): bool {
            $cards = self::simulator()->cards();
            return $cards !== [] && self::shown($cards[0]) === [$text, $state];
        };
        self::lookUntil($isShown, "people never saw \"$text\"");
    }

    /**
     * What everybody sees of a card that types: its text and its state.
     *
     * @param array<string, mixed> $card
     *
     * @return array{string, string}
     */
    protected static function shown(array $card): array
    {
        return [$card['spaces'][0]['params']['msgContent'] ?? '', $card['state']];
    }
}
