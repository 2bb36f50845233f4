<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\Card;
use DingStream\CardAction;
use DingStream\CardResponse;
use DingStream\Client;
use DingStream\DynamicData;
use DingStream\Exception\DingStreamException;
use DingStream\Space;

/**
 * Cards that are sent.
 */
trait Carding
{
    private function carding(): Client
    {
        return $this->client(['answerMessage' => 'on_completion', 'ordering' => 'none'])
            ->onMessage($this->counted($this->cardByText(...)))
            ->onCard($this->counted($this->clicked(...)));
    }

    private function cardByText(BotMessage $message): void
    {
        try {
            match ($message->text) {
                'send' => $this->sendCard(),
                'update' => $this->updateCard('t-1', ['count' => 2]),
                'top' => $this->top(),
                'public' => $this->publish(),
                'route' => $this->route(),
                'standard' => $this->standard(),
                'refused' => $this->client->cardSend(Card::of('StandardCard')->space(Space::group('cid1==')))->wait(),
                'unknown' => $this->updateCard('nobody', ['title' => 't']),
                default => null,
            };
        } catch (DingStreamException $error) {
            self::sayError($error);
        }
    }

    private function sendCard(): void
    {
        $card = Card::of('mine.schema', ['title' => 't', 'count' => 1, 'list' => [['a' => true]]])
            ->trackId('t-1')
            ->privateData('u1', ['title' => 'for you'])
            ->space(Space::group('cid1==')->at('@ALL', '@ALL'))
            ->space(Space::robot('u1'))
            ->lastMessage('news');
        $result = $this->client->cardSend($card)->wait();
        self::say(['sent' => [
            'outTrackId' => $result['outTrackId'],
            'spaces' => \array_column($result['deliverResults'], 'success'),
        ]]);
    }

    /**
     * @param array<string, mixed> $data
     */
    private function updateCard(string $id, array $data): void
    {
        $this->client->cardUpdate($id, $data)->wait();
        self::say(['updated' => true]);
    }

    private function top(): void
    {
        $card = Card::of('mine.schema', ['title' => 't'])->trackId('t-2');
        $top = $card->space(Space::top('cid1==', 4_000_000_000_000));
        $this->client->cardCreate($card->space(Space::group('cid1==')))->wait();
        $this->client->cardAddSpaces($top)->wait();
        $this->client->cardDeliver($top)->wait();
        $this->client->cardCloseTop('t-2', 'cid1==')->wait();
        self::say(['top' => true]);
    }

    private function publish(): void
    {
        $cards = [
            Card::markdown('t', 'm'),
            Card::markdownButtons(
                markdown: 'm',
                buttons: [['text' => 'b', 'url' => 'https://e']],
                tips: 'x'
            ),
            Card::aiMarkdown(markdown: 'm', buttons: [['text' => 'b', 'id' => 'i']]),
            Card::carousel(markdown: 'm', slides: [['title' => 's', 'image' => '@i']], button: 'Choose'),
        ];
        foreach ($cards as $card) {
            $this->client->cardSend($card->space(Space::group('cid1==')))->wait();
        }
        self::say(['public' => \count($cards)]);
    }

    private function route(): void
    {
        $this->client
            ->cardRegisterCallback('r', 'https://example.com/c', 'planted-route-secret', force: true)
            ->wait();
        self::say(['route' => true]);
    }

    private function standard(): void
    {
        $card = static fn (string $text) => ['contents' => [['type' => 'markdown', 'text' => $text, 'id' => '1']]];
        $result = $this->client->standardCardSend('biz-1', $card('a'), group: 'cid1==')->wait();
        $this->client->standardCardUpdate('biz-1', $card('b'))->wait();
        self::say(['standard' => $result['cardBizId']]);
    }

    private function clicked(CardAction $action): CardResponse|DynamicData
    {
        if ($action->actionType === 'dynamicDataCallback') {
            return DynamicData::of(\array_fill_keys($action->dynamicDataSourceIds ?? [], ['x' => 1]));
        }
        self::say(['clicked' => [
            'actionIds' => $action->actionIds,
            'params' => $action->params,
            'userId' => $action->userId,
        ]]);
        return CardResponse::of(['count' => 1], privateData: ['title' => 'mine']);
    }
}
