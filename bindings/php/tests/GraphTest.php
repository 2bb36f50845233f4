<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\GraphRequest;
use DingStream\GraphResponse;
use DingStream\Kind;
use DingStream\Tests\Support\SimulatedTestCase;

final class GraphTest extends SimulatedTestCase
{
    public function testARequestIsRead(): void
    {
        $request = null;
        $this->responses([function (GraphRequest $graph) use (&$request): void {
            $request = $graph->take();
        }], ['method' => 'PUT', 'uri' => '/a?b=c', 'body' => ['e' => 1]], 0);
        self::assertSame(['PUT', '/a?b=c', '{"e":1}', 'plugin-1'], [
            $request->method,
            $request->uri,
            $request->body,
            $request->requestHeaders['x-plugin-id'],
        ]);
        $request->ok();
    }

    public function testAResponseIsHttpInJson(): void
    {
        [$json, $page, $nothing] = $this->responses([
            fn () => GraphResponse::of(['a' => [1]]),
            fn () => GraphResponse::of('<p>', 404, 'text/html'),
            fn () => GraphResponse::of(null, 201, headers: ['X-Trace' => 't', 'x/~y' => '中']),
        ]);
        self::assertSame([
            'statusLine' => ['code' => 200, 'reasonPhrase' => 'OK'],
            'headers' => ['content-type' => 'application/json'],
            'body' => '{"a":[1]}',
        ], $json);
        self::assertSame(['text/html', '<p>'], [$page['headers']['content-type'], $page['body']]);
        self::assertSame(['code' => 404, 'reasonPhrase' => 'Not Found'], $page['statusLine']);
        self::assertSame('null', $nothing['body']);
        self::assertSame(['t', '中'], [$nothing['headers']['x-trace'], $nothing['headers']['x/~y']]);
    }

    public function testAResponseSettlesAtOnceTooAndAnyOtherValueIsOne(): void
    {
        [$settled, $plain] = $this->responses([
            fn (GraphRequest $request) => $request->ok(GraphResponse::of('x', 202)),
            fn () => 'plain',
        ]);
        self::assertSame([202, 'plain'], [$settled['statusLine']['code'], $plain]);
    }

    public function testAStatusThatDoesNotExistOrAHeaderThatIsNoTextFailsTheRequest(): void
    {
        $this->responses([
            fn () => GraphResponse::of('x', -1),
            fn () => GraphResponse::of('x', headers: ['a' => "\xff"]),
        ]);
        self::assertSame([500, 500], \array_column(self::simulator()->records('answer'), 'code'));
        $failure = $this->log->records[0]['context']['exception'];
        self::assertStringContainsString('no such HTTP status', $failure->getMessage());
    }

    public function testADumpShowsNothingOfIt(): void
    {
        $response = GraphResponse::of('planted', headers: ['a' => 'planted']);
        self::assertStringNotContainsString('planted', \print_r($response, true) . \var_export($response, true));
    }

    public function testRequestsCanBeIteratedOver(): void
    {
        $client = $this->client();
        $client->onState(function ($change): void {
            $change->state === 'open' && self::simulator()->push(['kind' => 'graph', 'uri' => '/first']);
        });
        foreach ($client->deliveries(Kind::Graph) as $request) {
            self::assertInstanceOf(GraphRequest::class, $request);
            self::assertSame('/first', $request->uri);
            $request->ok(GraphResponse::of('x'));
            $client->stop(5000);
        }
        self::assertSame('x', $this->answered()[0]['body']);
    }

    /**
     * What a handler after the other answers to a request each.
     *
     * @param list<\Closure> $handlers
     * @param array<string, mixed> $push
     *
     * @return list<mixed>
     */
    private function responses(array $handlers, array $push = [], ?int $answers = null): array
    {
        $left = $handlers;
        $client = $this->client()->onGraph(function (GraphRequest $request) use (&$left): mixed {
            return \array_shift($left)($request);
        });
        $client->start()->wait();
        foreach ($handlers as $index => $_) {
            self::simulator()->push(['kind' => 'graph'] + $push);
            self::until($client, function () use (&$left, $handlers, $index) {
                return \count($left) < \count($handlers) - $index;
            });
        }
        $responses = $this->answered($answers ?? \count($handlers));
        self::stop($client);
        return $responses;
    }

    /**
     * @return list<mixed>
     */
    private function answered(int $count = 1): array
    {
        return \array_map(
            static fn (array $answer) => \json_decode(\json_decode($answer['raw'], true)['data'], true)['response'],
            $count === 0 ? [] : self::simulator()->records('answer', $count)
        );
    }
}
