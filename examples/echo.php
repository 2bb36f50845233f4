<?php

// A bot that says back what it hears.

use DingStream\BotMessage;
use DingStream\Client;
use DingStream\Message;

require 'vendor/autoload.php';

$client = new Client(getenv('DINGTALK_CLIENT_ID') ?: '', getenv('DINGTALK_CLIENT_SECRET') ?: '');

$client->onMessage(fn (BotMessage $message) => $message->reply(Message::markdown('echo', "**{$message->text}**")));

$client->run();
