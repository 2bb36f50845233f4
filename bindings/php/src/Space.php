<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Internal\Json;

/**
 * Where a card appears. A space is a value: what changes it gives another one.
 */
final class Space
{
    /**
     * @param array<string, mixed> $delivery
     */
    private function __construct(
        private readonly string $type,
        private readonly string $id,
        private readonly array $delivery = []
    ) {
    }

    /**
     * A group.
     *
     * @param string $conversation Its openConversationId.
     */
    public static function group(string $conversation): self
    {
        return new self('IM_GROUP', $conversation);
    }

    /**
     * The conversation of a user with the robot.
     *
     * @param string $user The user id (staff id).
     */
    public static function robot(string $user): self
    {
        return new self('IM_ROBOT', $user);
    }

    /**
     * A conversation of two people that the robot of a cool app takes part in.
     *
     * @param string $conversation Its openConversationId.
     */
    public static function single(string $conversation): self
    {
        return new self('IM_SINGLE', $conversation);
    }

    /**
     * The top of a group.
     *
     * @param string $conversation Its openConversationId.
     * @param int $untilMs When it leaves, in milliseconds since 1970.
     */
    public static function top(string $conversation, int $untilMs): self
    {
        return new self('ONE_BOX', $conversation, ['until' => $untilMs]);
    }

    /**
     * Any other kind of space, as DingTalk spells it; what it needs beside the address goes into the card's own fields.
     */
    public static function other(string $type, string $id): self
    {
        return new self($type, $id);
    }

    /**
     * Mentions a user there; `@ALL` for both mentions everybody.
     *
     * @param string $user The user id (staff id).
     * @param string $name What is shown.
     */
    public function at(string $user, string $name): self
    {
        return $this->with('at', (object) ([$user => $name] + (array) ($this->delivery['at'] ?? [])));
    }

    /**
     * Only these users see it there.
     *
     * @param list<string> $users User ids (staff ids).
     */
    public function recipients(array $users): self
    {
        return $this->with('recipients', \array_values($users));
    }

    /**
     * Any other field of the delivery, as DingTalk spells it.
     *
     * @param mixed $value Any value that JSON can hold.
     */
    public function with(string $field, mixed $value): self
    {
        return new self($this->type, $this->id, [$field => $value] + $this->delivery);
    }

    /**
     * The space as the native library takes it.
     *
     * @return array<string, mixed>
     *
     * @internal
     */
    public function toArray(): array
    {
        return ['type' => $this->type, 'id' => $this->id] + $this->delivery;
    }

    /**
     * The same as a text.
     *
     * @internal
     */
    public function toJson(): string
    {
        return Json::encode($this->toArray());
    }
}
