<?php

// The page that php-fpm serves: it sends what the request asks for, and tells who sent it and what came of it.

declare(strict_types=1);

use DingStream\CardSession;
use DingStream\Client;
use DingStream\Exception\DingStreamException;
use DingStream\Message;
use DingStream\Space;
use DingStream\Webhook;

require getenv('AUTOLOAD');

function typed(CardSession $card): void
{
    $card->push('Hello, ');
    $card->push('world.');
    $card->finish()->wait();
}

$shared = ['store' => 'file', 'storeDir' => getenv('STORE')];
$message = Message::text('hi');
try {
    match ($_GET['send']) {
        'alert' => (new Webhook(getenv('ROBOT'), ...$shared))->send($message)->wait(),
        'card' => typed((new Client('ding-demo', 'demo-secret', ...$shared))->card(Space::group('cid'), 'Thinking…')),
        'half' => (new Client('ding-demo', 'demo-secret', ...$shared))
            ->card(Space::group('cid'), fallback: 'gone wrong')
            ->push('half'),
        'user' => (new Client('ding-demo', 'demo-secret', ...$shared))->send($message, users: ['u1'])->wait(),
    };
    $told = 'sent';
} catch (DingStreamException $refused) {
    $told = (new ReflectionClass($refused))->getShortName();
}
header('Content-Type: application/json');
echo json_encode(['pid' => getmypid(), 'told' => $told]);
