<?php

declare(strict_types=1);

namespace DingStream\Internal;

/**
 * A value that no dump shows, whatever makes it: it is kept beside the object, not in it.
 *
 * @internal
 */
final class Hidden
{
    /** @var \WeakMap<self, mixed>|null */
    private static ?\WeakMap $values = null;

    public function __construct(#[\SensitiveParameter] mixed $value)
    {
        self::$values ??= new \WeakMap();
        self::$values[$this] = $value;
    }

    public function value(): mixed
    {
        return self::$values[$this] ?? null;
    }

    /**
     * @return never
     */
    public function __serialize(): array
    {
        throw new \LogicException('what people write is not serialized: keep what the message is made of yourself');
    }
}
