<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\CardAction;
use DingStream\Client;
use DingStream\Delivery;
use DingStream\Event;
use DingStream\Exception\AnsweredException;
use DingStream\Exception\DingStreamException;
use DingStream\Kind;
use DingStream\Later;
use DingStream\Message;
use DingStream\StateChange;

/**
 * One small bot for every behaviour that the conformance suite knows. It says what it does in lines of JSON.
 */
final class Bot
{
    use Carding;
    use Failing;
    use Filing;
    use Plugin;
    use Reading;
    use Saying;
    use Typing;
    use Waiting;

    private int $handled = 0;

    private ?Client $client = null;

    /** @var list<Delivery> */
    private array $kept = [];

    private ?string $text = null;

    private ?\Fiber $gate = null;

    private bool $isGateOpen = false;

    public function behave(string $behaviour): int
    {
        $code = 0;
        try {
            match ($behaviour) {
                'answer' => $this->answering($this->answer(...))->run(),
                'stats' => $this->answering($this->stats(...))->run(),
                'echo' => $this->client([])->onMessage($this->counted(
                    fn (BotMessage $message) => $message->reply(Message::markdown('echo', "**$message->text**"))
                ))->run(),
                'later' => $this->everywhere(fn () => new Later('try again'))->run(),
                'fail' => $this->everywhere(fn () => throw new \RuntimeException('planted-secret'))->run(),
                'silent' => $this->everywhere(fn (Delivery $delivery) => $this->kept[] = $delivery->take())->run(),
                'slow' => $this->onMessage($this->slow(...))->run(),
                'gate' => $this->onMessage($this->gate(...))->run(),
                'stop' => $this->onMessage($this->stop(...))->run(),
                'twice' => $this->onMessage($this->twice(...))->run(),
                'reply' => $this->onMessage($this->reply(...))->run(),
                'say' => $this->onMessage($this->sayByText(...))->run(),
                'card' => $this->client()->onCard($this->counted(fn () => 'clicked'))->run(),
                'read' => $this->read()->run(),
                'graph' => $this->graph()->run(),
                'errors' => $this->onMessage($this->failByText(...))->run(),
                'media' => $this->onMessage($this->fileByText(...))->run(),
                'types' => $this->types()->run(),
                'wait' => $this->waiting()->run(),
                'type' => $this->typing()->run(),
                'cards' => $this->carding()->run(),
                'iterate' => $this->iterate(),
                'restart' => $this->restart(),
                'two' => $this->two(),
                'start' => $this->start(),
                default => throw new \DomainException("there is no behaviour $behaviour"),
            };
        } catch (DingStreamException $error) {
            self::sayError($error);
            $code = $behaviour === 'start' ? 3 : 1;
        } catch (\DomainException $error) {
            \fwrite(\STDERR, "{$error->getMessage()}\n");
            return 2;
        }
        self::say(['handled' => $this->handled]);
        return $code;
    }

    /**
     * What the scenario chose goes over what the behaviour did.
     *
     * @param array<string, mixed> $options
     */
    private function client(
        array $options = ['answerMessage' => 'on_completion'],
        ?string $id = null,
        ?string $secret = null
    ): Client {
        $this->client = new Client(
            $id ?? (\getenv('DINGTALK_CLIENT_ID') ?: 'ding-demo'),
            $secret ?? (\getenv('DINGTALK_CLIENT_SECRET') ?: 'demo-secret'),
            ...\array_merge($options, self::chosen())
        );
        return $this->client->onState(fn (StateChange $change) => self::say(['state' => $change->state]));
    }

    /**
     * @return array<string, mixed>
     */
    private static function chosen(): array
    {
        $options = [];
        $told = \json_decode(\getenv('DINGSTREAM_BOT_OPTIONS') ?: '{}', true, flags: \JSON_THROW_ON_ERROR);
        foreach ($told as $name => $value) {
            $options[\lcfirst(\str_replace('_', '', \ucwords($name, '_')))] = $value;
        }
        return $options;
    }

    private function onMessage(\Closure $handler): Client
    {
        return $this->client()->onMessage($this->counted($handler));
    }

    private function everywhere(?\Closure $message = null, ?\Closure $card = null, ?\Closure $other = null): Client
    {
        $message ??= fn () => null;
        return $this->onMessage($message)
            ->onEvent($this->counted($card === null ? $message : fn () => null))
            ->onCard($this->counted($card ?? $message))
            ->on('/v1.0/x', $this->counted($other ?? $message));
    }

    private function answering(\Closure $message): Client
    {
        return $this->everywhere(
            message: $message,
            card: fn (CardAction $action) =>
                ['cardData' => ['cardParamMap' => ['clicked' => $action->actionIds[0]]]],
            other: fn (Delivery $delivery) => ['echo' => \json_decode($delivery->data)],
        );
    }

    private function counted(\Closure $handler): \Closure
    {
        return function (Delivery $delivery) use ($handler): mixed {
            $this->handled++;
            return $handler($delivery);
        };
    }

    private function answer(BotMessage $message): void
    {
        $this->text = $message->text;
    }

    private function stats(BotMessage $message): void
    {
        if ($message->text === 'stats') {
            self::say(['stats' => $this->client?->stats()]);
        }
    }

    private function slow(BotMessage $message): void
    {
        Client::sleep(1000);
        $message->reply(Message::text("slow: $message->text"))->wait();
    }

    private function gate(BotMessage $message): void
    {
        if ($message->text === 'wait') {
            if (!$this->isGateOpen) {
                $this->gate = \Fiber::getCurrent();
                \Fiber::suspend();
            }
            $message->reply(Message::text('waited'))->wait();
        } else {
            $message->reply(Message::text('gone'))->wait();
            $this->isGateOpen = true;
            [$waiting, $this->gate] = [$this->gate, null];
            $waiting?->resume();
        }
    }

    private function stop(BotMessage $message): void
    {
        $message->reply(Message::text('stopping'))->wait();
        $this->client?->stop(5000);
    }

    private function twice(BotMessage $message): void
    {
        $message->ok();
        try {
            $message->ok();
        } catch (AnsweredException $error) {
            self::sayError($error);
        }
    }

    private function reply(BotMessage $message): void
    {
        try {
            $result = $message->reply(Message::text($message->text ?? ''))->wait();
            self::say(['replied' => $result['via']]);
        } catch (DingStreamException $error) {
            self::sayError($error);
        }
    }

    private function types(): Client
    {
        $say = $this->counted(fn (Event $event) => self::say(['event' => $event->eventType]));
        return $this->client()->onEvent('user_add_org', $say)->onEvent('org_remove', $say);
    }

    private function iterate(): void
    {
        $client = $this->client();
        foreach ($client->deliveries(Kind::Message, Kind::Event) as $delivery) {
            $this->handled++;
            if ($delivery instanceof BotMessage) {
                $delivery->reply(Message::text($delivery->text ?? ''))->wait();
                if ($delivery->text === 'stop') {
                    $client->stop(5000);
                }
            }
        }
    }

    private function restart(): void
    {
        $run = 0;
        $client = $this->onMessage(function (BotMessage $message) use (&$run) {
            return $message->reply(Message::text("run $run: $message->text"));
        });
        foreach ([1, 2] as $run) {
            $client->start()->wait();
            while ($this->handled < $run) {
                $client->poll(200);
            }
            $client->stop(5000)->wait();
        }
    }

    private function two(): void
    {
        $answer = fn (string $id) => $this->counted(
            fn (BotMessage $message) => $message->reply(Message::text("$id: $message->text"))
        );
        $options = ['answerMessage' => 'on_completion'];
        $first = $this->client($options, 'ding-demo', 'demo-secret')->onMessage($answer('ding-demo'));
        $second = $this->client($options, 'ding-second', 'second-secret')->onMessage($answer('ding-second'));
        $first->start();
        $second->run();
        $first->stop(5000)->wait();
    }

    private function start(): void
    {
        $client = $this->onMessage(fn () => null);
        $client->start()->wait();
        $client->stop(5000)->wait();
    }

    private static function sayError(DingStreamException $error): void
    {
        self::say(['error' => $error->kind, 'code' => $error->platformCode]);
    }

    /**
     * @param array<string, mixed> $said
     */
    private static function say(array $said): void
    {
        echo \json_encode($said, \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_THROW_ON_ERROR), "\n";
        \flush();
    }
}
