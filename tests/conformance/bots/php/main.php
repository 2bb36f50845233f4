<?php

// Takes the autoloader of the installed package and a behaviour.

declare(strict_types=1);

require $argv[1];
require __DIR__ . '/Carding.php';
require __DIR__ . '/Failing.php';
require __DIR__ . '/Filing.php';
require __DIR__ . '/Plugin.php';
require __DIR__ . '/Reading.php';
require __DIR__ . '/Saying.php';
require __DIR__ . '/Typing.php';
require __DIR__ . '/Waiting.php';
require __DIR__ . '/Bot.php';

exit((new DingStream\Conformance\Bot())->behave($argv[2] ?? ''));
