<?php

declare(strict_types=1);

namespace DingStream\Tests\Support;

/**
 * A local DingTalk in a process of its own, which ends with this one.
 */
final class Simulator
{
    public readonly string $url;

    /** @var resource */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];

    public function __construct()
    {
        $binary = \getenv('SIMULATOR') ?: \dirname(__DIR__, 4) . '/target/debug/dingstream-simulator';
        $process = \proc_open([$binary, '--exit-with-stdin'], [['pipe', 'r'], ['pipe', 'w']], $this->pipes);
        $ready = $process === false ? false : \fgets($this->pipes[1]);
        if ($process === false || $ready === false) {
            throw new \RuntimeException("the simulator does not start: build it, or name it in SIMULATOR ($binary)");
        }
        $this->process = $process;
        $this->url = \json_decode($ready, true, 512, \JSON_THROW_ON_ERROR)['url'];
    }

    public function __destruct()
    {
        \array_map('fclose', $this->pipes);
        \proc_close($this->process);
    }

    public function reset(): void
    {
        $this->ask('reset', []);
    }

    /**
     * @param array<string, mixed> $more
     *
     * @return array<string, mixed>
     */
    public function message(string $text, array $more = []): array
    {
        return $this->push(['kind' => 'message', 'text' => $text] + $more);
    }

    /**
     * @param array<string, mixed> $what
     *
     * @return array<string, mixed>
     */
    public function push(array $what): array
    {
        return $this->ask('push', $what);
    }

    /**
     * Knows one more application.
     */
    public function app(string $clientId, string $clientSecret): void
    {
        $this->ask('apps', ['clientId' => $clientId, 'clientSecret' => $clientSecret]);
    }

    /**
     * Knows one more custom robot, whose address this is.
     */
    public function robot(string $name, string $secret = ''): string
    {
        $this->ask('robots', ['accessToken' => $name] + ($secret === '' ? [] : ['secret' => $secret]));
        return "$this->url/robot/send?access_token=$name";
    }

    /**
     * What an API answers.
     *
     * @param array<string, mixed> $body
     */
    public function answer(string $method, string $path, array $body): void
    {
        $this->ask('answers', ['method' => $method, 'path' => $path, 'body' => (object) $body]);
    }

    /**
     * What a download code leads to.
     *
     * @param array<string, mixed> $file
     */
    public function file(string $code, array $file): void
    {
        $this->ask('files', ['downloadCode' => $code] + $file);
    }

    /**
     * Knows one more template of cards.
     *
     * @param list<string> $variables
     * @param array<string, mixed> $more
     */
    public function template(string $id, array $variables, array $more = []): void
    {
        $this->ask('templates', ['id' => $id, 'variables' => $variables] + $more);
    }

    /**
     * The cards as people see them, in the order in which they were made.
     *
     * @return list<array<string, mixed>>
     */
    public function cards(): array
    {
        return $this->fetch('cards', null)['cards'];
    }

    /**
     * @param array<string, mixed> $changes
     */
    public function settings(array $changes): void
    {
        $this->ask('settings', $changes);
    }

    /**
     * @param array<string, mixed> $how
     */
    public function spoil(array $how): void
    {
        $this->ask('break', $how);
    }

    /**
     * @return list<array<string, mixed>>
     */
    public function records(string $kind, int $count = 1, int $waitMs = 10_000): array
    {
        return $this->matching(['kind' => $kind, 'count' => $count, 'wait' => $waitMs]);
    }

    /**
     * Those that were not refused, as one with a token from before a reset is.
     *
     * @return list<array<string, mixed>>
     */
    public function taken(string $kind, int $count = 1): array
    {
        return $this->matching(['kind' => $kind, 'status' => 200, 'count' => $count, 'wait' => 10_000]);
    }

    /**
     * @param array<string, mixed> $query
     *
     * @return list<array<string, mixed>>
     */
    private function matching(array $query): array
    {
        return $this->fetch('records?' . \http_build_query($query), null)['records'];
    }

    /**
     * @param array<string, mixed> $body
     *
     * @return array<string, mixed>
     */
    private function ask(string $order, array $body): array
    {
        return $this->fetch($order, \json_encode((object) $body, \JSON_THROW_ON_ERROR));
    }

    /**
     * @return array<string, mixed>
     */
    private function fetch(string $path, ?string $body): array
    {
        $http = [
            'method' => $body === null ? 'GET' : 'POST',
            'header' => 'Content-Type: application/json',
            'content' => $body ?? '',
            'ignore_errors' => true,
        ];
        $answer = \file_get_contents("$this->url/_sim/$path", false, \stream_context_create(['http' => $http]));
        return \json_decode((string) $answer, true, 512, \JSON_THROW_ON_ERROR);
    }
}
