<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Call;
use DingStream\Card;
use DingStream\Exception\DingStreamException;

/**
 * What a client does with cards, which needs no connection either.
 *
 * @internal
 */
trait Cards
{
    use CardInSpace;

    /**
     * Creates a card and delivers it to its spaces. The result is `outTrackId` and `deliverResults`, for each space
     * `spaceType`, `spaceId`, `success`, `carrierId` (the processQueryKey to recall it by) and `errorMsg`; the call
     * fails only where no space got it.
     *
     * @throws DingStreamException
     */
    public function cardSend(Card $card): Call
    {
        return $this->receiver->call('client_card_send', $this->handle, $this->hub->native->card($card));
    }

    /**
     * Creates a card that appears nowhere yet, owning its spaces. The result is `outTrackId`.
     *
     * @throws DingStreamException
     */
    public function cardCreate(Card $card): Call
    {
        return $this->receiver->call('client_card_create', $this->handle, $this->hub->native->card($card));
    }

    /**
     * Delivers a card that exists, by its track id, to spaces that it owns. The result is that of `cardSend`.
     *
     * @throws DingStreamException
     */
    public function cardDeliver(Card $card): Call
    {
        return $this->receiver->call('client_card_deliver', $this->handle, $this->hub->native->card($card));
    }

    /**
     * Gives a card that exists, by its track id, further spaces to be delivered to. The result is DingTalk's own
     * answer.
     *
     * @throws DingStreamException
     */
    public function cardAddSpaces(Card $card): Call
    {
        return $this->receiver->call('client_card_add_spaces', $this->handle, $this->hub->native->card($card));
    }

    /**
     * Changes what a card shows. The result is DingTalk's own answer.
     *
     * @param array<string, mixed> $data New values of variables, of any type.
     * @param array<string, array<string, mixed>> $privateData New values of private variables, by user id.
     * @param bool $whole Whether what is not named is emptied; else it stays.
     * @param array<string, mixed> $more Any other fields, as DingTalk spells them.
     *
     * @throws DingStreamException
     */
    public function cardUpdate(
        string $trackId,
        #[\SensitiveParameter]
        array $data = [],
        #[\SensitiveParameter]
        array $privateData = [],
        bool $whole = false,
        #[\SensitiveParameter]
        array $more = []
    ): Call {
        return $this->ask('client_card_update', Json::encode([
            'track_id' => $trackId,
            'data' => (object) $data,
            'private_data' => (object) \array_map(static fn (array $values) => (object) $values, $privateData),
            'whole' => $whole,
        ] + $more));
    }

    /**
     * Takes a card from the top of a group. The result is DingTalk's own answer.
     *
     * @param string $conversation The group's openConversationId.
     *
     * @throws DingStreamException
     */
    public function cardCloseTop(string $trackId, string $conversation): Call
    {
        return $this->ask('client_card_close_top', $trackId, $conversation);
    }

    /**
     * Registers the HTTP address that the actions of cards with this callback route go to; cards over Stream need none.
     * The result is DingTalk's own answer without the secret.
     *
     * @param string $secret Signs what DingTalk sends there; empty lets DingTalk choose one.
     * @param bool $force Whether it replaces what was registered.
     *
     * @throws DingStreamException
     */
    public function cardRegisterCallback(
        string $route,
        string $url,
        #[\SensitiveParameter]
        string $secret = '',
        bool $force = false
    ): Call {
        $texts = Native::texts($route, $url, $secret);
        return $this->receiver->call('client_card_register_callback', $this->handle, ...[...$texts, $force]);
    }

    /**
     * Sends an ordinary card (`StandardCard`), which DingTalk keeps for applications that have it already, to one user
     * or one group. It has no Stream callback. The result is `cardBizId` and `processQueryKey`.
     *
     * @param string $bizId An id of yours, which it is updated by.
     * @param array<string, mixed> $card Its JSON.
     * @param string|null $user A user id (staff id).
     * @param string|null $group The openConversationId of a group.
     *
     * @throws DingStreamException
     */
    public function standardCardSend(
        string $bizId,
        #[\SensitiveParameter]
        array $card,
        ?string $user = null,
        ?string $group = null
    ): Call {
        $target = self::target($user === null ? null : [$user], $group, null, null);
        return $this->ask('client_standard_card_send', $target, $bizId, Json::object($card));
    }

    /**
     * Replaces what an ordinary card shows. The result is DingTalk's own answer.
     *
     * @param array<string, mixed> $card Its JSON.
     *
     * @throws DingStreamException
     */
    public function standardCardUpdate(string $bizId, #[\SensitiveParameter] array $card): Call
    {
        return $this->ask('client_standard_card_update', $bizId, Json::object($card));
    }
}
