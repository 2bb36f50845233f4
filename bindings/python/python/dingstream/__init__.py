"""DingTalk Stream: stays connected, hands over what arrives, answers it exactly once, and replies.

>>> client = Client("client id", "client secret")
>>> @client.on_message
... async def echo(message):
...     await message.reply(markdown("echo", f"**{message.text}**"))
>>> client.run()
"""

from . import _load  # noqa: F401, I001  It comes first: what fails to load says why.
from . import constants, errors, messages, views
from ._call import Call
from ._card_session import CardSession
from ._cards import Card, CardButton, CardFields, CardSearch, Space, SpaceFields
from ._client import Client
from ._deliveries import Deliveries
from ._dingstream import (
    CardResponse,
    Delivery,
    DynamicData,
    escape_markdown,
    fit_markdown,
    graph_response,
    image_markdown,
    link_to,
    mention,
    split_markdown,
)
from ._download import Download, File
from ._settle import Later
from ._webhook import Webhook
from .constants import *  # noqa: F403
from .errors import *  # noqa: F403
from .messages import *  # noqa: F403
from .options import CardOptions, Options, WebhookOptions
from .stats import Stats
from .views import *  # noqa: F403

__all__ = ["Call", "Client", "Deliveries", "Delivery", "Download", "File", "Later", "Options", "Stats"]
__all__ += ["Webhook", "WebhookOptions"]
__all__ += [
    "Card",
    "CardButton",
    "CardFields",
    "CardOptions",
    "CardResponse",
    "CardSearch",
    "CardSession",
    "DynamicData",
]
__all__ += ["Space", "SpaceFields"]
__all__ += ["escape_markdown", "fit_markdown", "image_markdown", "link_to", "mention", "split_markdown"]
__all__ += ["graph_response"]
__all__ += constants.__all__
__all__ += errors.__all__
__all__ += messages.__all__
__all__ += views.__all__
