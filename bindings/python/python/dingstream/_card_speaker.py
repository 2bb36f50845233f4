"""What a client does with cards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

from . import _exit
from ._call import Call
from ._card_session import CardSession
from ._cards import Card, Space
from ._json import card_as_json
from ._speaker import Speaker

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .options import CardOptions


class CardSpeaker(Speaker):
    """A client's calls for cards."""

    def card(self, space: Space, text: str = "…", **options: Unpack[CardOptions]) -> CardSession:
        """Opens a session that types into an AI card there; `message.card` does it where a message came from.

        It shows `text` until there is more. Options that can't work raise `ConfigError`; what DingTalk says comes with
        the end.
        """
        session = self._voice.card(card_as_json(space._fields), text, options)
        _exit.add(self)
        return session

    def card_send(self, card: Card) -> Call:
        """Creates a card and delivers it to its spaces.

        It brings `outTrackId` and `deliverResults`, one for each space with `spaceType`, `spaceId`, `success`,
        `carrierId` (a `processQueryKey` to recall it by) and `errorMsg`; the call fails only where no space got it. Its
        clicks come to `on_card`, unless it has a callback route.
        """
        return self._voice.card_send(card._native)

    def card_create(self, card: Card) -> Call:
        """Creates a card that appears nowhere yet, owning its spaces. It brings `outTrackId`."""
        return self._voice.card_create(card._native)

    def card_deliver(self, card: Card) -> Call:
        """Delivers a card that exists, by its `track_id`, to spaces that it owns. It brings the same as `card_send`."""
        return self._voice.card_deliver(card._native)

    def card_add_spaces(self, card: Card) -> Call:
        """Gives a card that exists, by its `track_id`, further spaces to be delivered to."""
        return self._voice.card_add_spaces(card._native)

    def card_update(
        self,
        track_id: str,
        data: Mapping[str, Any] | None = None,
        private_data: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        whole: bool = False,
        more: Mapping[str, Any] | None = None,
    ) -> Call:
        """Changes what a card shows: to everybody, or with `private_data` to single users by their ids.

        What is not named stays, unless `whole` empties it. `more` is any other field, as DingTalk spells it.
        """
        known = {"track_id": track_id, "data": data, "private_data": private_data, "whole": whole}
        return self._voice.card_update(card_as_json({**(more or {}), **known}))

    def card_close_top(self, track_id: str, conversation: str) -> Call:
        """Takes a card from the top of a group."""
        return self._voice.card_close_top(track_id, conversation)

    def card_register_callback(self, route: str, url: str, secret: str = "", *, force: bool = False) -> Call:
        """Registers the HTTP address that the actions of cards with this callback route go to.

        Cards over Stream need none. `secret` signs what DingTalk sends there; without it DingTalk chooses one. `force`
        replaces what was registered.
        """
        try:
            return self._voice.card_register_callback(route, url, secret, force)
        except Exception:
            # Tools that show the variables along a traceback find no secret in this one.
            del secret
            raise

    @overload
    def standard_card_send(self, biz_id: str, card: Mapping[str, Any], *, group: str) -> Call: ...
    @overload
    def standard_card_send(self, biz_id: str, card: Mapping[str, Any], *, user: str) -> Call: ...
    def standard_card_send(
        self, biz_id: str, card: Mapping[str, Any], *, group: str | None = None, user: str | None = None
    ) -> Call:
        """Sends an ordinary card (`StandardCard`), which DingTalk keeps for applications that have it already.

        `card` is its JSON, and `biz_id` the id of yours that it is updated by. Its clicks don't come over Stream. It
        brings `cardBizId` and `processQueryKey`.
        """
        target = {"group": group, "users": None if user is None else [user]}
        given = {kind: value for kind, value in target.items() if value is not None}
        return self._voice.standard_card_send(json.dumps(given), biz_id, card)

    def standard_card_update(self, biz_id: str, card: Mapping[str, Any]) -> Call:
        """Replaces what an ordinary card shows."""
        return self._voice.standard_card_update(biz_id, card)
