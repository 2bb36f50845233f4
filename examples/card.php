<?php

// An AI card that types its answer, with a button whose click gets a response.

use DingStream\BotMessage;
use DingStream\CardResponse;
use DingStream\Client;

require 'vendor/autoload.php';

$client = new Client(getenv('DINGTALK_CLIENT_ID') ?: '', getenv('DINGTALK_CLIENT_SECRET') ?: '');

$client->onMessage(function (BotMessage $message) {
    $card = $message->card('Thinking…');
    foreach (model($message->text) as $word) {
        $card->push($word);
    }
    $card->button('Helpful', id: 'helpful');
    return $card->finish();
});

$client->onCard(fn () => CardResponse::of(['msgTitle' => 'Thank you!']));

/**
 * Stands for a model, which takes its time for each word.
 */
function model(?string $question): Generator
{
    foreach (explode(' ', "You asked: **{$question}**. Let me think about that.") as $word) {
        Client::sleep(100);
        yield "$word ";
    }
}

$client->run();
