<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Internal\Hidden;
use DingStream\Internal\Json;
use DingStream\Internal\Native;
use DingStream\Internal\Response;
use FFI\CData;

/**
 * What answers a CardAction: new values for the one who clicked. A handler returns it, or gives it to `ok`. What
 * everybody is to see goes through `cardUpdate` of the client.
 */
final class CardResponse implements Response
{
    private readonly Hidden $values;

    /**
     * @param array<string, mixed> $data
     * @param array<string, mixed> $privateData
     */
    private function __construct(#[\SensitiveParameter] array $data, #[\SensitiveParameter] array $privateData)
    {
        $this->values = new Hidden([$data, $privateData]);
    }

    /**
     * Values that it does not name stay.
     *
     * @param array<string, mixed> $data Values of variables, of any type.
     * @param array<string, mixed> $privateData Values of private variables.
     */
    public static function of(
        #[\SensitiveParameter]
        array $data = [],
        #[\SensitiveParameter]
        array $privateData = []
    ): self {
        return new self($data, $privateData);
    }

    /**
     * @internal
     */
    public function toNative(Native $native): CData
    {
        [$data, $private] = $this->values->value();
        return $native->document('card_response', Json::object($data), Json::object($private));
    }
}
