<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\Client;
use DingStream\GraphRequest;
use DingStream\GraphResponse;
use DingStream\Message;

/**
 * A plugin of an assistant.
 */
trait Plugin
{
    private function graph(): Client
    {
        return $this->client()->onGraph($this->counted(function (GraphRequest $request): GraphResponse {
            if ($request->uri === '/reply') {
                self::say(['replied' => $request->reply(Message::markdown('echo', '**hi**'))->wait()['via']]);
            } else {
                self::say(['graph' => [
                    'method' => $request->method,
                    'uri' => $request->uri,
                    'body' => $request->body,
                    'pluginId' => $request->pluginId,
                ]]);
            }
            return GraphResponse::of(['echo' => $request->method], 201, headers: ['x-trace' => 't']);
        }));
    }
}
