<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Exception\DingStreamException;
use DingStream\Internal\Hidden;
use DingStream\Internal\Json;
use DingStream\Internal\Native;
use DingStream\Internal\Response;
use FFI\CData;

/**
 * What answers a GraphRequest: HTTP in JSON. A handler returns it, or gives it to `ok`.
 */
final class GraphResponse implements Response
{
    private readonly Hidden $body;

    private readonly Hidden $headers;

    /**
     * @param array<string, string> $headers
     */
    private function __construct(
        #[\SensitiveParameter]
        string $body,
        private readonly int $status,
        private readonly string $contentType,
        #[\SensitiveParameter]
        array $headers
    ) {
        $this->body = new Hidden($body);
        $this->headers = new Hidden($headers);
    }

    /**
     * @param mixed $body A text goes as it is, any other value as JSON.
     * @param int $status The HTTP status.
     * @param array<string, string> $headers Further headers, by their names in any case.
     *
     * @throws DingStreamException an ArgumentException where the body is no JSON value
     */
    public static function of(
        #[\SensitiveParameter]
        mixed $body,
        int $status = 200,
        string $contentType = 'application/json',
        #[\SensitiveParameter]
        array $headers = []
    ): self {
        return new self(\is_string($body) ? $body : Json::encode($body), $status, $contentType, $headers);
    }

    /**
     * @throws DingStreamException an ArgumentException where there is no such status, or a text is not UTF-8
     *
     * @internal
     */
    public function toNative(Native $native): CData
    {
        [$body, $response] = [$this->body->value(), $native->out('json')];
        $native->check($native->ffi->dingstream_graph_response(
            $this->status,
            $this->contentType,
            \strlen($this->contentType),
            $body,
            \strlen($body),
            $response
        ));
        try {
            foreach ($this->headers->value() as $name => $value) {
                $pointer = '/headers/' . \strtr(\strtolower((string) $name), ['~' => '~0', '/' => '~1']);
                $native->check($native->ffi->dingstream_json_set_text(
                    $response[0],
                    $pointer,
                    \strlen($pointer),
                    $value,
                    \strlen($value)
                ));
            }
        } catch (\Throwable $failure) {
            $native->ffi->dingstream_json_free($response[0]);
            throw $failure;
        }
        return $response[0];
    }
}
