<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\Tests\Support\SimulatedTestCase;

final class SecretsTest extends SimulatedTestCase
{
    public function testNothingThatIsToldHoldsASecret(): void
    {
        $program = 'require ' . \var_export(__DIR__ . '/programs/secrets.php', true) . ';';
        [$told, $code] = self::php($program, ['-d', 'zend.exception_ignore_args=0']);
        self::assertSame(0, $code, $told);
        foreach (self::HEARD as $part) {
            self::assertTrue(\str_contains($told, $part), "\"$part\" was to be told, or this test proves nothing");
        }
        \preg_match_all('/^.*(?:planted|LEAK).*$/m', $told, $leaks);
        self::assertSame([], $leaks[0]);
    }

    private const HEARD = [
        'proxy is no http, https or socks5 URL with a host',
        'api_proxy is no http',
        'the endpoint is no URL',
        'log_level takes one of',
        'refused the credential',
        'nothing is subscribed',
        'no connection (try 1',
        'the client was stopped',
        'no ws or wss URL',
        'refused the upgrade',
        'HTTP 502',
        'a frame was skipped',
        'sign not match',
        'the session webhook is gone',
        'nobody looked at the error of reply',
        'content of the text message is empty',
        'was cancelled',
        'has no property',
        'which is no JSON value',
        'was settled before',
        'a handler that throws',
        'its cause',
        'was answered before its handler ended',
        'a response came to nothing',
        "can't be replied to",
        'dropped unsettled',
        'the connection was lost',
        '127.0.0.1',
        'dingstream_ok_total',
        'DingStream\BotMessage Object',
        'DingStream\Call Object',
        'DingStream\Webhook Object',
        'system.error',
        'a message goes to one kind of target',
        'overflow takes one of',
        '310000',
        "Serialization of 'FFI\CData' is not allowed",
        'brooding came to nothing',
        '{closure}()',
        'DingStream\Card Object',
        'DingStream\CardSession Object',
        'created before',
        'search of a card takes an object',
        'an ordinary card has no Stream callback',
        'the fallback is empty',
        'a button has a url or an id',
        'the card session has ended',
    ];
}
