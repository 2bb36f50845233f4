<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Internal\Hidden;
use DingStream\Internal\Json;
use DingStream\Internal\Native;
use DingStream\Internal\Response;
use FFI\CData;

/**
 * What answers a request for dynamic data: a CardAction whose `actionType` is `dynamicDataCallback`. A handler returns
 * it, or gives it to `ok`.
 */
final class DynamicData implements Response
{
    private readonly Hidden $values;

    /**
     * @param array<string, mixed> $values
     */
    private function __construct(#[\SensitiveParameter] array $values)
    {
        $this->values = new Hidden($values);
    }

    /**
     * @param array<string, mixed> $values For each of the action's `dynamicDataSourceIds` a text, a list or an object.
     */
    public static function of(#[\SensitiveParameter] array $values): self
    {
        return new self($values);
    }

    /**
     * @internal
     */
    public function toNative(Native $native): CData
    {
        return $native->document('dynamic_data', Json::object($this->values->value()));
    }
}
