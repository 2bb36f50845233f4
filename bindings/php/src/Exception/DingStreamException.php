<?php

declare(strict_types=1);

namespace DingStream\Exception;

/**
 * What went wrong. One class per kind stands below it; the message says what happened and what to do about it.
 */
class DingStreamException extends \RuntimeException
{
    /**
     * @param string $kind The kind's lower-case name, the same in every language.
     * @param string $hint What to do about it, in one sentence; empty where nothing is known.
     * @param string $stage Where it happened: `open`, `connect`, `call:reply` …; empty for a plain misuse.
     * @param int $httpStatus The HTTP status, or 0 where none was received.
     * @param string $platformCode The platform's own code, such as `authFailed` or `310000`.
     * @param string $requestId The platform's id of the request, which its support asks for.
     * @param bool $retryable Whether the same call may succeed later without a change.
     * @param string $supportText What to send to DingTalk's support: one line a fact, such as the time, the client id,
     *     the request and its id. It holds no secret.
     * @param list<string> $requiredScopes The permissions that the application lacks, as the developer console names
     *     them; empty where DingTalk named none.
     */
    final public function __construct(
        public readonly string $kind,
        string $message,
        public readonly string $hint = '',
        public readonly string $stage = '',
        public readonly int $httpStatus = 0,
        public readonly string $platformCode = '',
        public readonly string $requestId = '',
        public readonly bool $retryable = false,
        public readonly string $supportText = '',
        public readonly array $requiredScopes = [],
    ) {
        parent::__construct($hint === '' ? $message : "$message: $hint");
    }
}
