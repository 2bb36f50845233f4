<?php

declare(strict_types=1);

namespace DingStream;

use DingStream\Exception\DingStreamException;
use DingStream\Internal\Hub;
use DingStream\Internal\Json;
use DingStream\Internal\Log;
use DingStream\Internal\Receiver;
use DingStream\Internal\Sapi;
use DingStream\Internal\Single;
use DingStream\Internal\WebhookOptions;
use FFI\CData;
use Psr\Log\LoggerInterface;

/**
 * The sender for a group's custom robot (自定义机器人), which needs no client, no connection and no `run`. The limit of
 * twenty messages a minute belongs to the robot: all senders for one address share it, those of this process or, with
 * `store: 'file'`, those of all processes.
 */
final class Webhook
{
    use Single;
    use WebhookOptions;

    private readonly Hub $hub;
    private readonly Receiver $receiver;
    private readonly CData $handle;
    private readonly int $source;

    /**
     * Sends a message: text, markdown, a link, an action card or a feed card. It is under way at once. The result is
     * `sent`, how many messages it took, or `digest` where it went out together with others.
     *
     * @throws DingStreamException
     */
    public function send(Message $message): Call
    {
        return $this->receiver->call('webhook_send', $this->handle, $this->hub->native->message($message));
    }

    /**
     * Is done once everything is sent, or at the deadline. The result is `left`, what still waits then.
     *
     * @throws DingStreamException
     */
    public function flush(int $deadlineMs): Call
    {
        return $this->receiver->call('webhook_flush', $this->handle, \max(0, $deadlineMs));
    }

    /**
     * Shows nothing: the address is a secret.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return [];
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->hub->remove($this->source);
            $this->hub->native->ffi->dingstream_webhook_free($this->handle);
        }
    }

    /**
     * @param array<string, mixed> $options
     */
    private function open(#[\SensitiveParameter] array $options, ?LoggerInterface $logger): void
    {
        $this->hub = Hub::current();
        $native = $this->hub->native;
        $this->receiver = new Receiver($this->hub, new Log($logger));
        $this->source = $this->hub->add($this->receiver);
        $options['overflow'] ??= Sapi::overflow();
        $json = Json::encode(\array_filter($options, static fn ($value) => $value !== null));
        $webhook = $native->out('webhook');
        $native->check(
            $native->ffi->dingstream_webhook_new($json, \strlen($json), $this->hub->queue, $this->source, $webhook)
        );
        $this->handle = $webhook[0];
    }
}
