<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Exception\DingStreamException;
use DingStream\Internal\CardOnMessage;
use DingStream\Internal\FieldKind;
use DingStream\Internal\Json;
use DingStream\Internal\Native;
use DingStream\Internal\Part;
use DingStream\Internal\Receiver;
use DingStream\Internal\Response;
use DingStream\Internal\Single;
use DingStream\Internal\Tables;
use FFI\CData;

/**
 * One thing handed to the application. It owes one settling: `ok`, `later` or `fail`, which the end of its handler does
 * where the handler did not. Given up unsettled, it is declined.
 *
 * @property-read Kind $kind What it is.
 * @property-read string $topic The topic that DingTalk sent it under; of a state, the state's name.
 * @property-read string $id The id of this push. DingTalk may push the same thing again under another id.
 * @property-read string $data The payload: the raw JSON text that DingTalk sent.
 * @property-read array<string, mixed> $headers The headers of the frame.
 */
class Delivery
{
    use CardOnMessage;
    use Single;

    /** @var array<string, array{Part, FieldKind, non-empty-list<string>}> what the views add, and where it is read */
    protected const FIELDS = [];

    private const OWN = ['kind' => true, 'topic' => true, 'id' => true, 'data' => true, 'headers' => true];

    private Native $native;

    private bool $isOwed;

    /**
     * @internal
     */
    final public function __construct(private Receiver $receiver, private CData $handle, private int $number)
    {
        $this->native = $receiver->native;
        $this->isOwed = $number !== Tables::STATE;
    }

    public function __destruct()
    {
        $this->native->ffi->dingstream_delivery_free($this->handle);
    }

    public function __get(string $name): mixed
    {
        return $this->field($name);
    }

    public function __isset(string $name): bool
    {
        return isset(static::FIELDS[$name]) || isset(self::OWN[$name]) ? $this->__get($name) !== null : false;
    }

    /**
     * Any value of the payload by its JSON pointer, such as `/text/content`; without one, the whole payload. The
     * pointer also goes through a text that holds JSON itself.
     */
    public function json(string $pointer = ''): mixed
    {
        $found = $this->native->read(FieldKind::Json, $this->part(Part::Data), $pointer);
        return $found === null ? null : Json::decode($found);
    }

    /**
     * Done. A card, graph or other delivery answers with the response, which is a CardResponse, DynamicData or
     * GraphResponse, or any value that JSON can hold; null is an empty one.
     *
     * @throws DingStreamException an AnsweredException where it was settled before, an ExpiredException where the
     *     library had to answer first: a card's response after `answerWithinCardMs`, anything after `handlerDeadlineMs`
     */
    public function ok(#[\SensitiveParameter] mixed $response = null): void
    {
        if ($response === null) {
            $this->settled($this->native->ffi->dingstream_delivery_ok($this->handle, null));
            return;
        }
        $json = $response instanceof Response
            ? $response->toNative($this->native)
            : $this->native->parse(Json::response($response));
        try {
            $this->settled($this->native->ffi->dingstream_delivery_ok($this->handle, $json));
        } finally {
            $this->native->ffi->dingstream_json_free($json);
        }
    }

    /**
     * Not now. An event comes again; for other kinds it is the same as `fail`. The reason goes to DingTalk.
     *
     * @throws DingStreamException an AnsweredException where it was settled before
     */
    public function later(string $reason = 'later'): void
    {
        $this->settled($this->native->ffi->dingstream_delivery_later($this->handle, $reason, \strlen($reason)));
    }

    /**
     * It did not work. The reason goes to DingTalk with an event's answer, so it must hold no secret.
     *
     * @throws DingStreamException an AnsweredException where it was settled before
     */
    public function fail(string $reason = 'failed'): void
    {
        $this->settled($this->native->ffi->dingstream_delivery_fail($this->handle, $reason, \strlen($reason)));
    }

    /**
     * Nobody handles it: an event is consumed, everything else answered as a topic that does not exist.
     *
     * @throws DingStreamException an AnsweredException where it was settled before
     */
    public function unhandled(): void
    {
        $this->settled($this->native->ffi->dingstream_delivery_unhandled($this->handle));
    }

    /**
     * Leaves the settling to the caller: neither the end of the handler nor the next step of an iteration does it.
     */
    public function take(): static
    {
        $this->isOwed = false;
        return $this;
    }

    /**
     * Whether the end of the handler, or the next step of an iteration, still has to settle it.
     *
     * @internal
     */
    public function isOwed(): bool
    {
        return $this->isOwed;
    }

    /**
     * Sends a message back to where this bot message came from. It is under way at once; the call can be returned from
     * the handler, waited for, or left alone. Its result is `via`, and `processQueryKeys` where OpenAPI took it; `lost`
     * tells what the way does not show.
     *
     * @param 'auto'|'session'|'openapi' $via The way: the session while it lives and can carry the message, else
     *     OpenAPI; or one of both alone.
     *
     * @throws DingStreamException
     */
    public function reply(Message $message, string $via = 'auto'): Call
    {
        $way = Tables::number('via', Tables::VIA, $via);
        return $this->receiver->call('delivery_reply_via', $this->handle, $way, $this->native->message($message));
    }

    /**
     * Shows what it is, never the payload, which is what a person wrote.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['kind' => $this->kind, 'topic' => $this->topic, 'id' => $this->id];
    }

    private function settled(?CData $error): void
    {
        if ($error !== null) {
            throw $this->native->exception($error);
        }
        $this->isOwed = false;
    }

    private function field(string $name): mixed
    {
        $field = static::FIELDS[$name] ?? null;
        if ($field === null) {
            return $this->own($name);
        }
        [$part, $kind, $pointers] = $field;
        $json = $this->part($part);
        foreach ($pointers as $pointer) {
            $found = $this->native->read($kind, $json, $pointer);
            if ($kind === FieldKind::Json || $kind === FieldKind::List) {
                $found = $found === null ? null : Json::decode($found);
            }
            if ($found !== null) {
                return $kind === FieldKind::List && (!\is_array($found) || !\array_is_list($found)) ? [$found] : $found;
            }
        }
        return null;
    }

    private function own(string $name): mixed
    {
        return match ($name) {
            'kind' => Kind::from($this->number),
            'topic' => $this->native->whole('delivery_topic', $this->handle),
            'id' => $this->native->whole('delivery_id', $this->handle),
            'data' => $this->native->whole('delivery_data', $this->handle),
            'headers' => Json::decode($this->native->read(FieldKind::Json, $this->part(Part::Headers), '') ?? '{}'),
            default => throw new \Error('a ' . static::class . " has no property $name"),
        };
    }

    /**
     * The payload or the headers, lent by the delivery.
     */
    private function part(Part $part): CData
    {
        return $part === Part::Data
            ? $this->native->ffi->dingstream_delivery_json($this->handle)
            : $this->native->ffi->dingstream_delivery_headers($this->handle);
    }
}
