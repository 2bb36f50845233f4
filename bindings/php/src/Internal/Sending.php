<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Call;
use DingStream\Exception\ArgumentException;
use DingStream\Exception\DingStreamException;
use DingStream\Message;

/**
 * What a client says without a delivery to answer. It needs no connection: neither `start` nor `run`.
 *
 * @internal
 */
trait Sending
{
    /**
     * Sends a message by OpenAPI to one kind of target: users, a group, or a private conversation. The result holds
     * `processQueryKeys`; for users `invalidStaffIdList`, `flowControlledStaffIdList` and `failed` too.
     *
     * @param list<string>|null $users User ids (staff ids), as many as you like.
     * @param string|null $group The openConversationId of a group.
     * @param string|null $conversation The openConversationId of a private conversation, together with the cool app.
     * @param string|null $coolApp The code of the cool app in it.
     *
     * @throws DingStreamException an ArgumentException unless there is exactly one kind of target
     */
    public function send(
        Message $message,
        ?array $users = null,
        ?string $group = null,
        ?string $conversation = null,
        ?string $coolApp = null
    ): Call {
        $target = self::target($users, $group, $conversation, $coolApp);
        $native = $this->hub->native;
        return $this->receiver->call(
            'client_send',
            $this->handle,
            $target,
            \strlen($target),
            $native->message($message)
        );
    }

    /**
     * Who has read what was sent, within 24 hours. The target is that of `send`; of users, `users: []` is enough. The
     * result is DingTalk's own answer.
     *
     * @param string $key The processQueryKey that `send` gave.
     * @param list<string>|null $users
     *
     * @throws DingStreamException
     */
    public function readStatus(
        string $key,
        ?array $users = null,
        ?string $group = null,
        ?string $conversation = null,
        ?string $coolApp = null
    ): Call {
        return $this->ask('client_read_status', self::target($users, $group, $conversation, $coolApp), $key);
    }

    /**
     * Takes back what was sent, within 24 hours. The target is that of `send`; of users, `users: []` is enough. The
     * result is `successResult` and `failedResult`.
     *
     * @param list<string> $keys The processQueryKeys that `send` gave.
     * @param list<string>|null $users
     *
     * @throws DingStreamException
     */
    public function recall(
        array $keys,
        ?array $users = null,
        ?string $group = null,
        ?string $conversation = null,
        ?string $coolApp = null
    ): Call {
        $keys = Json::encode(\array_values($keys));
        return $this->ask('client_recall', self::target($users, $group, $conversation, $coolApp), $keys);
    }

    /**
     * Dings users: they are told at once, with a sound. The result is DingTalk's own answer.
     *
     * @param list<string> $users User ids (staff ids).
     * @param 'app'|'sms'|'phone' $remind How they are reached; a text message or a call costs money.
     *
     * @throws DingStreamException
     */
    public function ding(array $users, #[\SensitiveParameter] string $text, string $remind = 'app'): Call
    {
        $users = Json::encode(\array_values($users));
        return $this->receiver->call(
            'client_ding',
            $this->handle,
            $users,
            \strlen($users),
            Tables::number('remind', Tables::REMINDS, $remind),
            $text,
            \strlen($text)
        );
    }

    /**
     * Calls any other API of DingTalk, with the token where it belongs. An answer that says that it failed is an error,
     * whatever its status. The result is the answer.
     *
     * @param string $path It begins with one slash.
     * @param array<string, string|int|float> $query
     * @param mixed $body Any value that JSON can hold; null for no body.
     * @param 'api'|'oapi' $host The new API, or the old one.
     * @param string|null $corp For which organisation, where the application is an ISV's.
     *
     * @throws DingStreamException
     */
    public function request(
        string $method,
        string $path,
        #[\SensitiveParameter]
        array $query = [],
        #[\SensitiveParameter]
        mixed $body = null,
        string $host = 'api',
        ?string $corp = null
    ): Call {
        $number = Tables::number('host', Tables::HOSTS, $host);
        $asked = $query === [] ? '' : Json::encode((object) \array_map(\strval(...), $query));
        $sent = $body === null ? '' : Json::encode($body);
        return $this->receiver->call('client_request', $this->handle, $number, ...Native::texts(
            $method,
            $path,
            $asked,
            $sent,
            $corp ?? ''
        ));
    }

    /**
     * Hands over the `suite_ticket` that an ISV's token needs; DingTalk sends it as an event every five hours. It is
     * never logged or shown.
     *
     * @throws DingStreamException
     */
    public function setSuiteTicket(#[\SensitiveParameter] string $ticket): void
    {
        $native = $this->hub->native;
        $native->check(
            $native->ffi->dingstream_client_set_suite_ticket($this->handle, $ticket, \strlen($ticket))
        );
    }

    private function ask(string $function, #[\SensitiveParameter] string ...$texts): Call
    {
        return $this->receiver->call($function, $this->handle, ...Native::texts(...$texts));
    }

    /**
     * @param list<string>|null $users
     *
     * @throws ArgumentException
     */
    private static function target(?array $users, ?string $group, ?string $conversation, ?string $coolApp): string
    {
        return Json::encode(match ([$users !== null, $group !== null, $conversation !== null, $coolApp !== null]) {
            [true, false, false, false] => ['users' => \array_values($users ?? [])],
            [false, true, false, false] => ['group' => $group],
            [false, false, true, true] => ['conversation' => $conversation, 'cool_app' => $coolApp],
            default => throw new ArgumentException(
                'argument',
                'a message goes to one kind of target',
                'give users, or group, or conversation and coolApp'
            ),
        });
    }
}
