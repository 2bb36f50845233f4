<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\Card;
use DingStream\CardAction;
use DingStream\CardResponse;
use DingStream\Client;
use DingStream\DynamicData;
use DingStream\Exception\ArgumentException;
use DingStream\Exception\DingStreamException;
use DingStream\Exception\NotFoundException;
use DingStream\Exception\RejectedException;
use DingStream\Space;
use DingStream\Tests\Support\SimulatedTestCase;

final class CardsTest extends SimulatedTestCase
{
    private const TEMPLATE = 'mine.schema';

    protected function setUp(): void
    {
        parent::setUp();
        self::simulator()->template(self::TEMPLATE, ['title', 'count', 'list'], ['privateData' => true]);
    }

    public function testACardIsSentUpdatedAndRead(): void
    {
        $client = $this->client();
        $card = Card::of(self::TEMPLATE, ['title' => 't', 'count' => 1, 'list' => [['a' => true]]])
            ->privateData('u1', ['title' => 'for you'])
            ->space(Space::group('cid')->at('@ALL', '@ALL')->recipients(['u1', 'u2']))
            ->space(Space::robot('u1'));
        $sent = $client->cardSend($card)->wait();
        self::assertSame([true, true], \array_column($sent['deliverResults'], 'success'));
        self::assertEquals(['title' => 't', 'count' => '1', 'list' => '[{"a":true}]'], self::shown());
        self::assertSame('for you', self::shown(space: 1)['title']);
        $id = $sent['outTrackId'];
        $client->cardUpdate($id, ['count' => 2], ['u1' => ['title' => 'for you alone']])->wait();
        self::assertSame(['t', '2'], [self::shown()['title'], self::shown()['count']]);
        self::assertSame('for you alone', self::simulator()->cards()[0]['users']['u1']['title']);
        $client->cardUpdate($id, ['title' => 'alone'], whole: true)->wait();
        self::assertSame(['title' => 'alone'], self::shown());
    }

    public function testACardIsCreatedGivenSpacesDeliveredAndClosed(): void
    {
        $client = $this->client();
        $card = Card::of(self::TEMPLATE, ['title' => 't'])->trackId('t-1');
        $top = $card->space(Space::top('cid', 4_000_000_000_000));
        self::assertSame('t-1', $client->cardCreate($card->space(Space::group('cid')))->wait()['outTrackId']);
        $client->cardAddSpaces($top)->wait();
        $client->cardDeliver($top)->wait();
        [$space] = self::simulator()->cards()[0]['spaces'];
        self::assertSame(['ONE_BOX', 4_000_000_000_000], [$space['spaceType'], $space['until']]);
        $client->cardCloseTop('t-1', 'cid')->wait();
        self::assertTrue(self::simulator()->cards()[0]['spaces'][0]['closed']);
    }

    public function testACardSaysAllThatDingTalkKnows(): void
    {
        $this->client()->cardSend(
            Card::of(self::TEMPLATE, ['title' => 't'])
                ->space(Space::group('cid')->with('extension', ['7' => 'x']))
                ->lastMessage(['ZH_CN' => '新', 'EN_US' => 'new'])
                ->notification(false)
                ->search('@icon', 'poll', 'which day')
                ->forwardable(false)
                ->with('cardAtUserIds', ['u1'])
        )->wait();
        $body = self::simulator()->taken('card')[0]['body'];
        $model = $body['imGroupOpenSpaceModel'];
        self::assertSame(['u1'], $body['cardAtUserIds']);
        self::assertSame(['7' => 'x'], $body['imGroupOpenDeliverModel']['extension']);
        self::assertFalse($model['supportForward']);
        self::assertSame(['ZH_CN' => '新', 'EN_US' => 'new'], $model['lastMessageI18n']);
        self::assertSame(['notificationOff' => true], $model['notification']);
        self::assertSame('which day', $model['searchSupport']['searchDesc']);
    }

    public function testAChangeLeavesTheCardAndTheSpaceThatItWasMadeOf(): void
    {
        $card = Card::of('t', ['title' => 't']);
        $card->trackId('other')->space(Space::group('cid'))->privateData('1', ['0' => 'x']);
        self::assertSame('{"template":"t","data":{"title":"t"}}', $card->toJson());
        $space = Space::other('K', 'id');
        $space->at('0', 'a')->at('1', 'b');
        self::assertSame('{"type":"K","id":"id"}', $space->toJson());
    }

    public function testNamesThatLookLikeNumbersStayNames(): void
    {
        $card = Card::of('t', ['0' => 'a'])->privateData('0', ['0' => 'x'])->privateData('1', []);
        self::assertStringContainsString('"data":{"0":"a"}', $card->toJson());
        self::assertStringContainsString('"private_data":{"1":{},"0":{"0":"x"}}', $card->toJson());
        $space = Space::group('c')->at('0', 'a')->at('1', 'b');
        self::assertStringContainsString('"at":{"1":"b","0":"a"}', $space->toJson());
    }

    public function testThePublicTemplatesAreThere(): void
    {
        $cards = [
            Card::markdown('t', 'm'),
            Card::markdownButtons(markdown: 'm', buttons: [['text' => 'b', 'url' => 'https://e']], tips: 'x'),
            Card::aiMarkdown(markdown: 'm', buttons: [['text' => 'b', 'id' => 'i']]),
            Card::carousel(markdown: 'm', slides: [['title' => 's', 'image' => '@i']], button: 'Choose'),
        ];
        foreach ($cards as $card) {
            $this->client()->cardSend($card->space(Space::group('cid')))->wait();
        }
        self::assertEquals(['title' => 't', 'markdown' => 'm'], self::shown());
        self::assertStringContainsString('"url":"https://e"', self::shown(1)['sys_full_json_obj']);
        self::assertSame(['m', '3'], [self::shown(2)['msgContent'], self::shown(2)['flowStatus']]);
        self::assertStringContainsString('image_slider_select_button', self::shown(3)['sys_full_json_obj']);
    }

    public function testWhatWasDeliveredNowhereIsAnErrorAndSomewhereAResult(): void
    {
        self::simulator()->settings(['failedSpaces' => ['cid-x']]);
        $nowhere = Card::of(self::TEMPLATE, ['title' => 't'])->space(Space::group('cid-x'));
        self::assertInstanceOf(RejectedException::class, $this->refusal($nowhere));
        $sent = $this->client()->cardSend($nowhere->space(Space::group('cid-y')))->wait();
        self::assertSame([false, true], \array_column($sent['deliverResults'], 'success'));
    }

    public function testWhatCantBeSentIsRefused(): void
    {
        $space = Space::group('cid');
        self::assertInstanceOf(ArgumentException::class, $this->refusal(Card::of('')->space($space)));
        self::assertInstanceOf(ArgumentException::class, $this->refusal(Card::of('StandardCard')->space($space)));
        self::assertInstanceOf(ArgumentException::class, $this->refusal(Card::of(self::TEMPLATE)));
        self::assertInstanceOf(ArgumentException::class, $this->refusal(Card::of(self::TEMPLATE, ['n' => \NAN])));
        self::assertInstanceOf(ArgumentException::class, $this->refusal(Card::of(self::TEMPLATE)->with('data', 1)));
        self::assertInstanceOf(NotFoundException::class, $this->refusal(Card::of('unknown')->space($space)));
        $this->expectException(NotFoundException::class);
        $this->client()->cardUpdate('nobody', ['title' => 't'])->wait();
    }

    public function testAClickChangesTheCardForTheOneWhoClicked(): void
    {
        self::simulator()->settings(['clickTimeoutMs' => 20_000]);
        $action = null;
        $client = $this->client()->onCard(function (CardAction $clicked) use (&$action): CardResponse {
            $action = $clicked;
            return CardResponse::of(['count' => 1], privateData: ['title' => 'mine']);
        });
        $card = Card::of(self::TEMPLATE, ['title' => 't', 'count' => 0])->trackId('t-1');
        $client->cardSend($card->space(Space::group('cid')))->wait();
        $this->pushed($client, ['kind' => 'card', 'outTrackId' => 't-1', 'user' => 'u1', 'actionId' => 'like']);
        self::assertSame([['like'], 'u1', 't-1'], [$action->actionIds, $action->userId, $action->outTrackId]);
        [$seen] = self::simulator()->cards();
        self::assertSame('0', $seen['spaces'][0]['params']['count']);
        self::assertSame(['1', 'mine'], [\end($seen['views'])['params']['count'], $seen['users']['u1']['title']]);
    }

    public function testARequestForDynamicDataIsAnsweredWithAValueForEachSource(): void
    {
        $client = $this->client()->onCard(fn (CardAction $action) => $action->ok(DynamicData::of(
            \array_fill_keys($action->dynamicDataSourceIds, ['x' => 1])
        )));
        $this->pushed($client, ['kind' => 'card', 'outTrackId' => 't', 'dynamic' => ['s1', 's2']]);
        $answer = \json_decode(self::simulator()->records('answer')[0]['data'], true)['response'];
        $of = static fn (string $id) =>
            ['dynamicDataSourceId' => $id, 'dynamicDataValueType' => 'OBJECT', 'data' => '{"x":1}'];
        self::assertEquals(['dataSourceQueryResponses' => [$of('s1'), $of('s2')]], $answer);
    }

    public function testACardWithACallbackRouteIsNotClickedOverStream(): void
    {
        $client = $this->client(['logLevel' => 'trace'])->onCard(fn () => null);
        $told = $client->cardRegisterCallback('r', 'https://example.com/c', 'planted-secret', force: true)->wait();
        self::assertStringNotContainsString('planted', \json_encode([$told, $this->log->records]));
        $card = Card::of(self::TEMPLATE, ['title' => 't'])->trackId('t-1')->callbackRoute('r');
        $client->cardSend($card->space(Space::group('cid')))->wait();
        $client->start()->wait();
        $push = self::simulator()->push(['kind' => 'card', 'outTrackId' => 't-1']);
        self::assertFalse($push['delivered']);
        self::stop($client);
    }

    public function testAnOrdinaryCardIsSentAndReplaced(): void
    {
        $body = static fn (string $text) => ['contents' => [['type' => 'markdown', 'text' => $text, 'id' => '1']]];
        $client = $this->client();
        self::assertSame('biz-1', $client->standardCardSend('biz-1', $body('a'), user: 'u1')->wait()['cardBizId']);
        $client->standardCardUpdate('biz-1', $body('b'))->wait();
        self::assertStringContainsString('"text":"b"', self::simulator()->cards()[0]['params']['cardData']);
        $this->expectException(ArgumentException::class);
        $client->standardCardSend('biz-2', $body('a'));
    }

    public function testDumpsShowNoValues(): void
    {
        $values = [
            Card::of('t', ['planted' => 'planted'])->privateData('u', ['planted' => 1])->lastMessage('planted'),
            CardResponse::of(['planted' => 'planted'], ['planted' => 'planted']),
            DynamicData::of(['planted' => 'planted']),
        ];
        self::assertStringNotContainsString('planted', \print_r($values, true) . \var_export($values, true));
    }

    private function refusal(Card $card): ?DingStreamException
    {
        try {
            $this->client()->cardSend($card)->wait();
            return null;
        } catch (DingStreamException $refusal) {
            return $refusal;
        }
    }

    /**
     * @param array<string, mixed> $push
     */
    private function pushed(Client $client, array $push): void
    {
        $client->start()->wait();
        self::simulator()->push($push);
        self::until($client, fn () => $client->stats()['ok'] === 1);
        self::simulator()->records('answer');
        self::stop($client);
    }

    /**
     * @return array<string, string> what everybody sees
     */
    private static function shown(int $card = 0, int $space = 0): array
    {
        return self::simulator()->cards()[$card]['spaces'][$space]['params'];
    }
}
