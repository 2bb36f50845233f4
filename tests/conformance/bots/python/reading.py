"""What the typed views say."""

from __future__ import annotations

from typing import Any

import report
from bot import settling
from dingstream import BotMessage, CardAction, Error, Event, GraphRequest, graph_response, markdown


def read() -> None:
    bot = settling()

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
        rich = {name: value for name, value in rich_of(message).items() if value is not None}
        if rich:
            report.line({"rich": rich})

    bot.on_message(message)
    bot.on("/v1.0/im/bot/messages/delegate", message)

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


def rich_of(message: BotMessage) -> dict[str, Any]:
    return {
        "downloadCodes": message.download_codes,
        "fileName": message.file_name,
        "recognition": message.recognition,
        "duration": message.duration,
        "videoType": message.video_type,
        "isReply": message.is_reply,
        "quotedMsgId": message.quoted_msg_id,
        "quotedText": message.quoted_text,
        "hostingUserId": message.hosting_user_id,
        "errorCode": message.error_code,
        "errorMessage": message.error_message,
        "cardUrl": message.card_url,
    }


def graph() -> None:
    bot = settling()

    @bot.on_graph
    async def graph(request: GraphRequest) -> dict[str, Any]:
        report.count()
        if request.uri == "/reply":
            try:
                report.line({"replied": (await request.reply(markdown("echo", "**hi**")))["via"]})
            except Error as error:
                report.error(error)
        else:
            told = {"method": request.method, "uri": request.uri, "body": request.body, "pluginId": request.plugin_id}
            report.line({"graph": told})
        return graph_response({"echo": request.method}, status=201, headers={"x-trace": "t"})

    bot.run()
