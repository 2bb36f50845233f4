"""What the typed views say."""

from __future__ import annotations

import report
from bot import settling
from dingstream import BotMessage, CardAction, Event


def read() -> None:
    bot = settling()

    @bot.on_message
    def message(message: BotMessage) -> None:
        report.count()
        told = {
            "text": message.text,
            "msgtype": message.msgtype,
            "conversationType": message.conversation_type,
            "createAt": message.create_at,
            "senderNick": message.sender_nick,
            "isAdmin": message.is_admin,
            "atUsers": message.at_users,
            "content": message.content,
        }
        report.line({"read": told})

    @bot.on_event
    def event(event: Event) -> None:
        report.count()
        report.line({"read": {"eventType": event.event_type, "eventId": event.event_id, "bornTime": event.born_time}})

    @bot.on_card
    def card(action: CardAction) -> None:
        report.count()
        told = {
            "outTrackId": action.out_track_id,
            "userId": action.user_id,
            "actionIds": action.action_ids,
            "params": action.params,
        }
        report.line({"read": told})

    bot.run()
