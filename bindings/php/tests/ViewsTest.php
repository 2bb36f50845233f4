<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\CardAction;
use DingStream\Delivery;
use DingStream\Event;
use DingStream\Kind;
use DingStream\Tests\Support\SimulatedTestCase;

final class ViewsTest extends SimulatedTestCase
{
    public function testTheFieldsOfAMessageAreReadWithTheirTypes(): void
    {
        $message = $this->received(['kind' => 'message', 'text' => " hi \r\n", 'data' => [
            'createAt' => '1700000000000',
            'isAdmin' => 'false',
            'atUsers' => [['dingtalkId' => 'd']],
            'msgId' => 7,
        ]]);
        self::assertInstanceOf(BotMessage::class, $message);
        self::assertSame('hi', $message->text);
        self::assertSame(1700000000000, $message->createAt);
        self::assertFalse($message->isAdmin);
        self::assertSame([['dingtalkId' => 'd']], $message->atUsers);
        self::assertSame('7', $message->msgId);
        self::assertNull($message->content);
        self::assertSame('fallback', $message->conversationTitle ?? 'fallback');
        self::assertTrue(isset($message->text));
        self::assertFalse(isset($message->content, $message->nonsense));
    }

    public function testAnAbsentNumberIsNullAndZeroIsZero(): void
    {
        $absent = $this->received(['kind' => 'message', 'data' => ['createAt' => null, 'isAdmin' => null]]);
        self::assertInstanceOf(BotMessage::class, $absent);
        self::assertSame([null, null], [$absent->createAt, $absent->isAdmin]);
        $zero = $this->received(['kind' => 'message', 'data' => ['createAt' => 0, 'isAdmin' => false]]);
        self::assertInstanceOf(BotMessage::class, $zero);
        self::assertSame([0, false], [$zero->createAt, $zero->isAdmin]);
    }

    public function testEveryDeliveryHasItsKindTopicIdAndData(): void
    {
        $delivery = $this->received(['kind' => 'message', 'text' => 'x']);
        self::assertSame(Kind::Message, $delivery->kind);
        self::assertSame('/v1.0/im/bot/messages/get', $delivery->topic);
        self::assertSame($delivery->id, $delivery->headers['messageId']);
        self::assertSame($delivery->json(), \json_decode($delivery->data, true));
        self::assertSame('x', $delivery->json('/text/content'));
        self::assertNull($delivery->json('/nothing'));
    }

    public function testAFieldThatDoesNotExistIsAnError(): void
    {
        $delivery = $this->received(['kind' => 'message', 'text' => 'x']);
        $this->expectExceptionMessage('has no property colour');
        $delivery->colour;
    }

    public function testTextsComeWhole(): void
    {
        $message = $this->received(['kind' => 'message', 'text' => "a\0b 中😀", 'data' => ['senderNick' => "\0"]]);
        self::assertInstanceOf(BotMessage::class, $message);
        self::assertSame("a\0b 中😀", $message->text);
        self::assertSame("\0", $message->senderNick);
    }

    public function testHalfASurrogatePairIsMended(): void
    {
        $data = '{"text":{"content":"\ud800"},"content":["\ud800"]}';
        $message = $this->received(['kind' => 'message', 'frame' => ['data' => $data]]);
        self::assertInstanceOf(BotMessage::class, $message);
        self::assertSame(["\u{fffd}"], $message->content);
        self::assertSame("\u{fffd}", $message->text);
        self::assertSame($data, $message->data);
    }

    public function testACardActionIsReadThroughTheTextThatItTravelsIn(): void
    {
        $action = $this->received(['kind' => 'card', 'actionIds' => ['like'], 'params' => ['n' => 9007199254740993]]);
        self::assertInstanceOf(CardAction::class, $action);
        self::assertSame(['like'], $action->actionIds);
        self::assertSame(['n' => 9007199254740993], $action->params);
    }

    /**
     * @dataProvider contents
     *
     * @param array<string, mixed> $content
     * @param list<string>|null $codes
     */
    public function testAListIsAListHoweverItCame(array $content, ?array $codes): void
    {
        $message = $this->received(['kind' => 'message', 'data' => ['content' => $content]]);
        self::assertInstanceOf(BotMessage::class, $message);
        self::assertSame($codes, $message->downloadCodes);
    }

    /**
     * @return array<string, array{array<string, mixed>, list<string>|null}>
     */
    public function contents(): array
    {
        $picture = static fn (string $code) => ['type' => 'picture', 'downloadCode' => $code];
        return [
            'rich text' => [['richText' => [$picture('c1'), ['text' => 'a'], $picture('c2')]], ['c1', 'c2']],
            'one picture' => [['downloadCode' => 'c1'], ['c1']],
            'null, and what stands in for it' => [['downloadCode' => null, 'pictureDownloadCode' => 'p1'], ['p1']],
            'nothing' => [['spaceId' => 's'], null],
        ];
    }

    public function testAnEventIsReadFromItsHeaders(): void
    {
        $event = $this->received(['kind' => 'event', 'eventType' => 'org_remove']);
        self::assertInstanceOf(Event::class, $event);
        self::assertSame('org_remove', $event->eventType);
        self::assertIsInt($event->bornTime);
    }

    public function testADumpDoesNotShowWhatAPersonWrote(): void
    {
        $message = $this->received(['kind' => 'message', 'text' => 'planted']);
        self::assertStringNotContainsString('planted', \print_r($message, true));
    }

    public function testWhatWasKeptIsReadableAfterItsClientIsGone(): void
    {
        $message = $this->received(['kind' => 'message', 'text' => 'kept']);
        \gc_collect_cycles();
        self::assertInstanceOf(BotMessage::class, $message);
        self::assertSame('kept', $message->text);
    }

    /**
     * @param array<string, mixed> $push
     */
    private function received(array $push): Delivery
    {
        $received = null;
        $keep = function (Delivery $delivery) use (&$received): void {
            $received = $delivery;
        };
        $client = $this->client()->onMessage($keep)->onEvent($keep)->onCard($keep);
        $client->start()->wait();
        self::simulator()->push($push);
        self::until($client, function () use (&$received) {
            return $received !== null;
        });
        self::stop($client);
        return $received;
    }
}
