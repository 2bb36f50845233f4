<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Exception\ArgumentException;
use DingStream\Exception\DingStreamException;
use DingStream\Internal\Json;
use DingStream\Internal\Native;
use DingStream\Internal\Opaque;
use DingStream\Internal\Receiver;
use DingStream\Internal\Single;
use FFI\CData;

/**
 * What types into an AI card. It takes text at once; the card follows, at a pace that keeps DingTalk's limits, and
 * always with the latest text. Only the end is to be waited for. Given up before it has ended, as by an exception that
 * leaves its handler, it ends as failed, with its fallback text.
 */
final class CardSession
{
    use Opaque;
    use Single;

    private function __construct(private readonly Receiver $receiver, private readonly CData $handle)
    {
    }

    public function __destruct()
    {
        $this->receiver->native->ffi->dingstream_card_session_free($this->handle);
    }

    /**
     * @param array<string, mixed> $options By their names in the core.
     * @param string $function What opens it.
     * @param CData|string|int ...$place What that takes before the options.
     *
     * @throws DingStreamException
     *
     * @internal
     */
    public static function open(
        Receiver $receiver,
        #[\SensitiveParameter]
        array $options,
        string $function,
        CData|string|int ...$place
    ): self {
        $native = $receiver->native;
        [$json, $session, $name] = [Json::encode($options), $native->out('card_session'), "dingstream_$function"];
        $native->check($native->ffi->$name(...$place, ...[$json, \strlen($json), $session]));
        return new self($receiver, $session[0]);
    }

    /**
     * Adds text behind what was said before; the first replaces the text that the session was opened with.
     *
     * @throws DingStreamException an AnsweredException once it has ended, a TooLargeException beyond 4 MiB; so for
     *     every function of a session
     */
    public function push(#[\SensitiveParameter] string $text): void
    {
        $this->tell('push', $text);
    }

    /**
     * Replaces what was said before.
     *
     * @throws DingStreamException
     */
    public function set(#[\SensitiveParameter] string $text): void
    {
        $this->tell('set', $text);
    }

    /**
     * A button that the card ends with; of the public template alone, others have theirs in the template.
     *
     * @param string|null $url What it opens.
     * @param string|null $id Or: its click comes as a card action with this id.
     *
     * @throws DingStreamException an ArgumentException unless there is one of both
     */
    public function button(
        #[\SensitiveParameter]
        string $text,
        #[\SensitiveParameter]
        ?string $url = null,
        ?string $id = null
    ): void {
        match ([$url !== null, $id !== null]) {
            [true, false] => $this->tell('add_link', $text, (string) $url),
            [false, true] => $this->tell('add_action', $text, (string) $id),
            default => throw new ArgumentException('argument', 'a button has a url or an id', 'give one of them'),
        };
    }

    /**
     * A value that the card ends with, of another variable of its template: any that JSON can hold.
     *
     * @throws DingStreamException
     */
    public function value(string $name, #[\SensitiveParameter] mixed $value): void
    {
        $this->tell('set_value', $name, Json::encode($value));
    }

    /**
     * Ends it with the text that was said. The call is done once the card shows it all. Its result is `via` (`card`, or
     * `session` or `openapi` where cards are refused and the text went out as a message), `state` (`finished`, or
     * `failed`), `outTrackId`, `outTrackIds` (all of them, where it took several cards), `calls` (how many it took),
     * and `degraded`, the error that says why it is no card. Cancelling the call only ends the waiting.
     *
     * @throws DingStreamException an AnsweredException, from the call, where it has ended before
     */
    public function finish(): Call
    {
        return $this->receiver->call('card_session_finish', $this->handle);
    }

    /**
     * Ends it as failed, with this text in place of what was said; empty for the fallback. The result is that of
     * `finish`.
     *
     * @throws DingStreamException an AnsweredException, from the call, where it has ended before
     */
    public function fail(#[\SensitiveParameter] string $text = ''): Call
    {
        return $this->receiver->call('card_session_fail', $this->handle, $text, \strlen($text));
    }

    /**
     * @throws DingStreamException
     */
    private function tell(string $verb, #[\SensitiveParameter] string ...$texts): void
    {
        $native = $this->receiver->native;
        $name = "dingstream_card_session_$verb";
        $native->check($native->ffi->$name($this->handle, ...Native::texts(...$texts)));
    }
}
