<?php

declare(strict_types=1);

define('AUTOLOAD', dirname(__DIR__, 3) . '/build/installed/php/vendor/autoload.php');

require AUTOLOAD;
require 'Psr/Log/autoload.php';
require __DIR__ . '/Support/Simulator.php';
require __DIR__ . '/Support/Memory.php';
require __DIR__ . '/Support/SimulatedTestCase.php';
require __DIR__ . '/Support/TypingTestCase.php';
