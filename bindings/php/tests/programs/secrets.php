<?php

/**
 * A bot that lives through whatever can be told, with secrets planted everywhere, and prints what it heard. A program
 * of its own, so that traces and dumps hold nothing but what a program's would.
 */

declare(strict_types=1);

namespace DingStream\Tests\Programs;

use DingStream\BotMessage;
use DingStream\Card;
use DingStream\CardAction;
use DingStream\CardResponse;
use DingStream\Client;
use DingStream\Delivery;
use DingStream\DynamicData;
use DingStream\Event;
use DingStream\Internal\Native;
use DingStream\Kind;
use DingStream\Later;
use DingStream\Message;
use DingStream\Space;
use DingStream\StateChange;
use DingStream\Tests\Support\Ear;
use DingStream\Tests\Support\Memory;
use DingStream\Tests\Support\Simulator;
use DingStream\Webhook;

require 'Psr/Log/autoload.php';
require __DIR__ . '/../Support/Simulator.php';
require __DIR__ . '/../Support/Memory.php';
require __DIR__ . '/../Support/Ear.php';

const PROXY = 'http://planted-user:planted-password@127.0.0.1:1';

$ear = new Ear();
$log = new Memory();
$simulator = new Simulator();
$simulator->app('ding-demo', 'planted-client-secret');
$make = static fn (#[\SensitiveParameter] array $options = []): Client => new Client(...$options + [
    'clientId' => 'ding-demo',
    'clientSecret' => 'planted-client-secret',
    'endpoint' => $simulator->url,
    'answerMessage' => 'on_completion',
    'backoffMaxMs' => 1,
    'answerWithinCardMs' => 20,
    'logLevel' => 'trace',
    'logger' => $log,
]);
$until = static function (Client $client, \Closure $isSo): void {
    for ($deadline = \hrtime(true) + 10_000_000_000; !$isSo();) {
        \hrtime(true) < $deadline || exit("what was waited for did not happen\n");
        $client->poll(20);
    }
};
$reply = Message::markdown('planted-title', 'planted-reply-text', ['planted-mobile'], ['planted-user']);
$ear->hear($reply, clone $reply, Message::text('planted'), new Later('busy'));

// What can't work is refused without being shown.
foreach (['ftp://planted:planted@h', 'http://[planted', 'planted'] as $url) {
    $ear->fails(fn () => $make(['proxy' => $url]));
    $ear->fails(fn () => $make(['apiProxy' => $url]));
}
$ear->fails(fn () => $make(['endpoint' => 'no URL']));
$ear->fails(fn () => $make(['clientSecret' => "planted-\xff"]));
$ear->fails(fn () => $make(['logLevel' => 'loud']));
$ear->fails(fn () => $make(['clientSecret' => 'planted-wrong-secret'])->onMessage(fn () => null)->run());
$ear->fails(fn () => $make()->run());

// A proxy that is not there.
$client = $make(['proxy' => PROXY])->onMessage(fn () => null);
$start = $client->start();
$until($client, fn () => \str_contains(\implode(\array_column($log->records, 'message')), 'no connection'));
$ear->hear($client, $start);
$client->stop(0)->wait();
$ear->fails(fn () => $start->wait());

// A session with everything that goes wrong in one.
foreach (
    [
        ['status' => 500, 'body' => '{"planted":'],
        ['html' => true],
        ['status' => 200, 'body' => ['endpoint' => 'http://h/planted', 'ticket' => 'planted-ticket']],
    ] as $fault
) {
    $simulator->spoil(['what' => 'open', 'times' => 1] + $fault);
}
$simulator->spoil(['what' => 'upgrade', 'status' => 401, 'body' => 'planted-body', 'times' => 1]);
$done = [];
$client = $make(['apiProxy' => 'direct']);
$client->onMessage(function (BotMessage $message) use ($ear, $reply, $simulator, &$done): void {
    $ear->hear($message, [$message], (object) ['message' => $message], $message->reply(...));
    $ear->keep(\explode('?session=', $message->json('/sessionWebhook'))[1]);
    [$message->text, $message->data, $message->headers, $message->senderNick];
    $ear->hear($message);
    $faults = [
        [],
        ['errcode' => 310000, 'errmsg' => 'sign not match'],
        ['errcode' => 300001],
        ['status' => 502, 'body' => '<html>planted'],
    ];
    foreach ($faults as $fault) {
        $fault === [] || $simulator->spoil(['what' => 'webhook', 'times' => 1] + $fault);
        $call = $message->reply($reply, via: 'session');
        $ear->hear($call);
        $ear->fails(fn () => $call->wait());
        $ear->hear($call);
    }
    $ear->fails(fn () => $message->reply(Message::text("planted-\xff")));
    $ear->fails(fn () => $message->reply(Message::text('')));
    $ear->fails(fn () => $message->colour);
    $simulator->spoil(['what' => 'webhook', 'delayMs' => 5000, 'times' => 1]);
    $cancelled = $message->reply($reply);
    $cancelled->cancel();
    $ear->fails(fn () => $cancelled->wait());
    $ear->fails(fn () => $message->ok(new \SplObjectStorage()));
    $message->ok();
    $ear->fails(fn () => $message->ok('planted-response'));
    $done[] = 'message';
});
$client->onEvent(function (Event $event) use ($ear, &$done): void {
    $event->data;
    $ear->hear($event);
    $done[] = 'event';
    throw new \LogicException('a handler that throws', 7, new \DomainException('its cause'));
});
$client->onCard(function (CardAction $action) use ($ear, $simulator, &$done): mixed {
    $ear->hear($action, $action->outTrackId);
    if ($action->outTrackId === 'odd') {
        $done[] = 'odd';
        return ['planted' => \NAN];
    }
    $simulator->records('answer', 4);
    $ear->fails(fn () => $action->ok('planted-response'));
    $done[] = 'card';
    return 'planted-response';
});
$client->on('/v1.0/x', function (Delivery $delivery) use ($ear, &$done): void {
    $delivery->headers;
    $ear->hear($delivery);
    $ear->fails(fn () => $delivery->reply(Message::text('planted')));
    $delivery->take();
    $done[] = 'other';
});
$client->onState(fn (StateChange $change) => $ear->hear($change, $change->data));
$start = $client->start();
$ear->hear($client, $start);
$ear->hear($start->wait());
$simulator->push(['kind' => 'frame', 'text' => '{"planted": broken']);
$pushes = [
    ['kind' => 'message', 'text' => 'planted-text', 'senderNick' => 'planted-nick'],
    ['kind' => 'event', 'eventType' => 'user_add_org', 'data' => ['planted' => [1]]],
    ['kind' => 'card', 'outTrackId' => 'odd', 'actionIds' => ['planted-action']],
    ['kind' => 'card', 'outTrackId' => 'late', 'actionIds' => ['planted-action']],
    ['kind' => 'callback', 'topic' => '/v1.0/x', 'data' => ['planted' => 'planted']],
];
foreach ($pushes as $index => $push) {
    $simulator->push($push);
    $until($client, function () use (&$done, $index) {
        return \count($done) === $index + 1;
    });
}
$ear->hear($client, $client->stats(), $client->metrics());
$simulator->spoil(['what' => 'drop']);
$until($client, fn () => $client->stats()['opened'] === 2);
$client->stop(1000)->wait();
$ear->hear($client);

// Iterated over, and through an API proxy that is not there.
$client = $make(['apiProxy' => PROXY]);
$client->onState(function (StateChange $change) use ($simulator): void {
    $change->state === 'open' && $simulator->message('planted-text');
});
foreach ($client->deliveries(Kind::Message) as $delivery) {
    $ear->hear($delivery);
    $ear->fails(fn () => $delivery->reply($reply)->wait());
    $client->stop(1000);
}

// Without a logger, on standard error: the arguments in a trace are not told.
$brood = static function (string $text): void {
    throw new \LogicException('brooding came to nothing');
};
$client = $make(['logger' => null, 'logLevel' => 'warn']);
$client->onMessage(function (BotMessage $message) use ($brood, $client): void {
    $client->stop(1000);
    $brood((string) $message->text);
});
$client->start()->wait();
$simulator->message('planted-text');
$until($client, fn () => $client->stats()['connections'] === 0);

// Without a connection: sending, and the custom robot.
$client = $make();
$client->setSuiteTicket('planted-ticket');
$ear->fails(fn () => $client->setSuiteTicket("planted-\xff"));
$simulator->spoil(['what' => '/v1.0/robot/ding/send', 'code' => 'system.error']);
$ear->fails(fn () => $client->ding(['u1'], 'planted-text')->wait());
$ear->fails(fn () => $client->ding(['u1'], "planted-\xff"));
$ear->fails(fn () => $client->request('POST', '/v1.0/x', ['planted' => 'planted'], ['planted' => 'planted'])->wait());
$ear->fails(fn () => $client->request('POST', '/v1.0/x', [], ['planted' => \NAN]));
$ear->fails(fn () => $client->send(Message::text('planted-text')));
$ear->hear($client->send(Message::text('planted-text'), users: ['u1'])->wait());
$sender = static fn (#[\SensitiveParameter] string $url, string ...$more): Webhook => new Webhook(
    $url,
    'planted-secret',
    ...$more + ['logLevel' => 'trace', 'logger' => $log]
);
foreach (['planted', 'ftp://h/robot/send?access_token=planted', "https://h/planted-\xff"] as $url) {
    $ear->fails(fn () => $sender($url));
}
$robot = $simulator->robot('planted-robot', 'planted-other-secret');
$ear->fails(fn () => $sender($robot, overflow: 'burst'));
$webhook = $sender($robot);
$ear->hear($webhook, [$webhook], $webhook->send(...));
$ear->fails(fn () => $webhook->send(Message::text('planted-text'))->wait());
$webhook->send(Message::text('planted-text'));
$ear->hear($webhook->flush(5000)->wait());

// Cards: sent, typed, refused, and what answers their clicks.
$card = Card::markdown('planted-title', 'planted-text')
    ->privateData('u1', ['title' => 'planted'])
    ->lastMessage('planted')
    ->space(Space::group('cid'));
$ear->hear($card, clone $card, CardResponse::of(['a' => 'planted'], ['b' => 'planted']), DynamicData::of(['planted']));
$ear->hear($client->cardSend($card->trackId('t-1'))->wait());
$ear->fails(fn () => $client->cardSend($card->trackId('t-1'))->wait());
$ear->fails(fn () => $client->cardSend($card->with('search', 'planted')));
$ear->fails(fn () => $client->cardSend(Card::of('t', ['planted' => \NAN])));
$ear->fails(fn () => $client->cardUpdate('t-2', ['title' => 'planted'])->wait());
$ear->fails(fn () => CardResponse::of(['planted' => "planted-\xff"])->toNative(Native::get()));
$ear->hear($client->cardRegisterCallback('r', 'https://example.com/c', 'planted-secret')->wait());
$ear->fails(fn () => $client->cardRegisterCallback('r', 'no URL', "planted-\xff"));
$ear->fails(fn () => $client->standardCardSend('biz-1', ['callbackType' => 'planted'], user: 'u1')->wait());
$ear->fails(fn () => $client->card(Space::group('cid'), 'planted', fallback: ' ', data: ['planted' => 'planted']));
$typed = $client->card(Space::group('cid'), 'planted', fallback: 'planted', data: ['msgTitle' => 'planted']);
$typed->push('planted-text');
$ear->hear($typed, [$typed], $typed->push(...));
$ear->fails(fn () => $typed->push("planted-\xff"));
$ear->fails(fn () => $typed->button('planted'));
$ear->fails(fn () => $typed->value('msgTitle', "planted-\xff"));
$simulator->spoil(['what' => '/v1.0/card/streaming', 'code' => 'param.streamKeyUnknown']);
$simulator->spoil(['what' => '/v1.0/robot/groupMessages/send', 'code' => 'system.error']);
$ear->fails(fn () => $typed->finish()->wait());
$ear->fails(fn () => $typed->push('planted'));

\array_map($ear->hear(...), $log->records);
echo $ear->told();
\array_map(static fn (string $leak) => print "LEAK $leak\n", $ear->leaks());
