<?php

// The page that php-fpm serves: it sends what the request asks for, and tells who sent it and what came of it.

declare(strict_types=1);

use DingStream\Client;
use DingStream\Exception\DingStreamException;
use DingStream\Message;
use DingStream\Webhook;

require getenv('AUTOLOAD');

$shared = ['store' => 'file', 'storeDir' => getenv('STORE')];
$message = Message::text('hi');
try {
    match ($_GET['send']) {
        'alert' => (new Webhook(getenv('ROBOT'), ...$shared))->send($message)->wait(),
        'user' => (new Client('ding-demo', 'demo-secret', ...$shared))->send($message, users: ['u1'])->wait(),
    };
    $told = 'sent';
} catch (DingStreamException $refused) {
    $told = (new ReflectionClass($refused))->getShortName();
}
header('Content-Type: application/json');
echo json_encode(['pid' => getmypid(), 'told' => $told]);
