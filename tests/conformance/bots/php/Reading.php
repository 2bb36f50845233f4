<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\CardAction;
use DingStream\Client;
use DingStream\Event;
use DingStream\Topics;

/**
 * What the typed views say.
 */
trait Reading
{
    private function read(): Client
    {
        return $this->client()
            ->onMessage($this->counted(self::readMessage(...)))
            ->on(Topics::BOT_DELEGATE, $this->counted(self::readMessage(...)))
            ->onEvent($this->counted(fn (Event $event) => self::say(['read' => [
                'eventType' => $event->eventType,
                'eventId' => $event->eventId,
                'bornTime' => $event->bornTime,
            ]])))
            ->onCard($this->counted(fn (CardAction $action) => self::say(['read' => [
                'outTrackId' => $action->outTrackId,
                'userId' => $action->userId,
                'actionIds' => $action->actionIds,
                'params' => $action->params,
            ]])));
    }

    private static function readMessage(BotMessage $message): void
    {
        self::say(['read' => [
            'text' => $message->text,
            'msgtype' => $message->msgtype,
            'conversationType' => $message->conversationType,
            'createAt' => $message->createAt,
            'senderNick' => $message->senderNick,
            'isAdmin' => $message->isAdmin,
            'atUsers' => $message->atUsers,
            'content' => $message->content,
        ]]);
        $rich = \array_filter([
            'downloadCodes' => $message->downloadCodes,
            'fileName' => $message->fileName,
            'recognition' => $message->recognition,
            'duration' => $message->duration,
            'videoType' => $message->videoType,
            'isReply' => $message->isReply,
            'quotedMsgId' => $message->quotedMsgId,
            'quotedText' => $message->quotedText,
            'hostingUserId' => $message->hostingUserId,
            'errorCode' => $message->errorCode,
            'errorMessage' => $message->errorMessage,
            'cardUrl' => $message->cardUrl,
        ], static fn (mixed $value) => $value !== null);
        if ($rich !== []) {
            self::say(['rich' => $rich]);
        }
    }
}
