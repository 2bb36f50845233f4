<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Client;
use DingStream\Tests\Support\SimulatedTestCase;

final class OrderTest extends SimulatedTestCase
{
    /** @var list<string> what began (+) and what ended (-) */
    private array $order = [];

    public function testMessagesOfAConversationAreHandledOneAfterTheOtherAndOthersOverlap(): void
    {
        $this->play([], ['first' => '-other'], [['first', 'a'], ['second', 'a'], ['other', 'b']]);
        self::assertSame(['+first', '+other', '-other', '-first', '+second', '-second'], $this->order);
    }

    public function testBySenderThoseOfOneConversationOverlap(): void
    {
        $this->play(['ordering' => 'sender'], ['first' => '-other'], [
            ['first', 'a', 'ann'],
            ['second', 'a', 'ann'],
            ['other', 'a', 'bob'],
        ]);
        self::assertSame(['+first', '+other', '-other', '-first', '+second', '-second'], $this->order);
    }

    public function testWithoutAnOrderAllOverlap(): void
    {
        $this->play(['ordering' => 'none'], ['first' => '-second'], [['first', 'a'], ['second', 'a']]);
        self::assertSame(['+first', '+second', '-second', '-first'], $this->order);
    }

    public function testWhatMayBypassIsNotKeptWaiting(): void
    {
        $this->play(['bypass' => ['/stop']], ['first' => '-/stop it'], [['first', 'a'], ['/stop it', 'a']]);
        // It may even begin before the first one, which came before it.
        self::assertSame(['-/stop it', '-first'], \array_values(\preg_grep('/^-/', $this->order) ?: []));
    }

    public function testNoMoreAreOutThanMayBe(): void
    {
        $this->play(['maxInFlight' => 1], [], [['first', 'a'], ['second', 'b']]);
        self::assertSame(['+first', '-first', '+second', '-second'], $this->order);
    }

    /**
     * Handles messages, some of which wait until something else has ended.
     *
     * @param array<string, mixed> $options
     * @param array<string, string> $waits
     * @param list<array{0: string, 1: string, 2?: string}> $messages text, conversation, sender
     */
    private function play(array $options, array $waits, array $messages): void
    {
        $client = $this->client($options)->onMessage(function (BotMessage $message) use ($waits): void {
            $this->order[] = "+$message->text";
            do {
                Client::sleep(2);
            } while (!\in_array($waits[$message->text] ?? "+$message->text", $this->order, true));
            $this->order[] = "-$message->text";
        });
        $client->start()->wait();
        foreach ($messages as $message) {
            self::simulator()->message($message[0], [
                'conversationId' => $message[1],
                'data' => ['senderId' => $message[2] ?? 'ann'],
            ]);
        }
        self::until($client, fn () => \count($this->order) === 2 * \count($messages));
        self::stop($client);
    }
}
