"""What cards are created from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from . import _dingstream
from ._json import card_as_json

if TYPE_CHECKING:
    from typing_extensions import Unpack


class SpaceFields(TypedDict, total=False):
    """What a card's delivery to a space may say."""

    at: Mapping[str, str]
    """Whom it mentions: shown names by user id; `@ALL` for both mentions everybody."""
    recipients: Iterable[str]
    """The users who alone see it there."""
    more: Mapping[str, Any]
    """Any other field of the delivery, as DingTalk spells it."""


class Space:
    """Where a card appears."""

    __slots__ = ("_fields",)

    def __init__(self, type: str, id: str, **fields: Unpack[SpaceFields]) -> None:
        self._fields: dict[str, Any] = {**fields, **fields.get("more", {}), "type": type, "id": id}
        self._fields.pop("more", None)
        if "recipients" in fields:
            self._fields["recipients"] = list(fields["recipients"])

    @classmethod
    def group(cls, conversation: str, **fields: Unpack[SpaceFields]) -> Space:
        """A group, by its `openConversationId`."""
        return cls("IM_GROUP", conversation, **fields)

    @classmethod
    def robot(cls, user: str, **fields: Unpack[SpaceFields]) -> Space:
        """The conversation of one user with the robot, by the user id (staff id)."""
        return cls("IM_ROBOT", user, **fields)

    @classmethod
    def single(cls, conversation: str, **fields: Unpack[SpaceFields]) -> Space:
        """A conversation of two people that a cool-app's robot takes part in, by its `openConversationId`."""
        return cls("IM_SINGLE", conversation, **fields)

    @classmethod
    def top(cls, conversation: str, until_ms: int, **fields: Unpack[SpaceFields]) -> Space:
        """The top of a group, until so many milliseconds since 1970."""
        space = cls("ONE_BOX", conversation, **fields)
        space._fields["until"] = until_ms
        return space

    @classmethod
    def other(cls, type: str, id: str, **fields: Unpack[SpaceFields]) -> Space:
        """Any other kind of space, as DingTalk spells it; what a card owns there goes into `more` of the card."""
        return cls(type, id, **fields)

    def __repr__(self) -> str:
        return f"Space({self._fields['type']})"


@dataclass(frozen=True, repr=False)
class CardButton:
    """A button of a public template: it opens `url`, or its click comes as a `CardAction` with `id`."""

    text: str
    url: str | None = None
    id: str | None = None
    color: str | None = None


class CardSearch(TypedDict):
    """How a card is found."""

    icon: str
    """A media id."""
    kind: str
    """The name of its kind."""
    description: str
    """At most 200 characters."""


class CardFields(TypedDict, total=False):
    """What a card may have beside its template and the values of its variables."""

    track_id: str
    """The id that it is updated by and that its actions name (`outTrackId`), never used before. Default: a new one."""
    private_data: Mapping[str, Mapping[str, Any]]
    """Values as single users see them, by user id."""
    spaces: Iterable[Space]
    """Where it appears."""
    last_message: str | Mapping[str, str]
    """What the conversation list shows: a text, or texts by language such as `ZH_CN`."""
    notification: str | Literal[False]
    """What a notification says, or `False` for none."""
    search: CardSearch
    """How it is found."""
    forwardable: bool
    """Whether people may forward it. Default: true."""
    callback_route: str
    """The registered route that its actions go to over HTTP, and not over Stream."""
    more: Mapping[str, Any]
    """Any other field, as DingTalk spells it."""


class Card:
    """A card to create: a template, values for its variables, of any type, and the spaces where it appears.

    `template` is an id from the card platform; for the templates that DingTalk publishes for everyone there are
    functions. What can't be a card raises `ArgumentError`.
    """

    __slots__ = ("_native",)

    def __init__(self, template: str, data: Mapping[str, Any] | None = None, **fields: Unpack[CardFields]) -> None:
        card: dict[str, Any] = {**fields, **fields.get("more", {}), "template": template, "data": data}
        card.pop("more", None)
        card["spaces"] = [space._fields for space in fields.get("spaces", ())]
        self._native = _dingstream.Card(card_as_json(card))

    @classmethod
    def markdown(cls, markdown: str, *, title: str = "", logo: str = "", **fields: Unpack[CardFields]) -> Card:
        """Markdown with a title and a logo, a media id."""
        return cls("markdown", _said(markdown=markdown, title=title, logo=logo), **fields)

    @classmethod
    def markdown_buttons(
        cls,
        markdown: str,
        buttons: Iterable[CardButton],
        *,
        title: str = "",
        logo: str = "",
        tips: str = "",
        **fields: Unpack[CardFields],
    ) -> Card:
        """Markdown with tips and buttons below it."""
        data = _said(markdown=markdown, title=title, logo=logo, tips=tips, buttons=_buttons(buttons))
        return cls("markdown_buttons", data, **fields)

    @classmethod
    def ai_markdown(
        cls,
        markdown: str,
        buttons: Iterable[CardButton] = (),
        *,
        title: str = "",
        logo: str = "",
        **fields: Unpack[CardFields],
    ) -> Card:
        """What an AI has written; while it writes, open a session instead."""
        data = _said(markdown=markdown, title=title, logo=logo, buttons=_buttons(buttons))
        return cls("ai_markdown", data, **fields)

    @classmethod
    def carousel(
        cls,
        markdown: str,
        slides: Iterable[tuple[str, str]],
        *,
        title: str = "",
        logo: str = "",
        button: str = "",
        **fields: Unpack[CardFields],
    ) -> Card:
        """Pictures, each a title and a media id, one of which is chosen by the button below them."""
        shown = [{"title": title, "image": image} for title, image in slides]
        return cls("carousel", _said(markdown=markdown, title=title, logo=logo, slides=shown, button=button), **fields)

    @property
    def track_id(self) -> str:
        """Its `outTrackId`, also where it was not given one."""
        return self._native.track_id

    def __repr__(self) -> str:
        # Tools also show what could not be made.
        return repr(self._native) if hasattr(self, "_native") else "Card(refused)"


def _said(**data: Any) -> dict[str, Any]:
    """Without what was left out."""
    return {name: value for name, value in data.items() if value}


def _buttons(buttons: Iterable[CardButton]) -> list[dict[str, str]]:
    return [_said(text=button.text, url=button.url, id=button.id, color=button.color) for button in buttons]
