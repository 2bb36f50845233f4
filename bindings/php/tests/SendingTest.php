<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Exception\ArgumentException;
use DingStream\Exception\ConfigException;
use DingStream\Exception\ForbiddenException;
use DingStream\Exception\QuotaException;
use DingStream\Message;
use DingStream\State;
use DingStream\Tests\Support\SimulatedTestCase;

final class SendingTest extends SimulatedTestCase
{
    private const PATH = '/v1.0/contact/users/search';

    public function testAClientThatNeverStartsSendsToEveryKindOfTarget(): void
    {
        $client = $this->client();
        $users = \array_map(static fn (int $index) => "u$index", \range(0, 24));
        $sent = $client->send(Message::markdown('t', 'x'), users: $users)->wait();
        self::assertCount(2, $sent['processQueryKeys']);
        $client->send(Message::text('x'), group: 'cid1==')->wait();
        $client->send(Message::text('x'), conversation: 'cid2==', coolApp: 'COOLAPP-1')->wait();
        $paths = \array_column(self::simulator()->taken('send', 4), 'path');
        self::assertSame('/v1.0/robot/groupMessages/send', $paths[2]);
        self::assertSame('/v1.0/robot/privateChatMessages/send', $paths[3]);
        self::assertSame(State::Idle, $client->state());
    }

    /**
     * @dataProvider wrongTargets
     */
    public function testAMessageGoesToExactlyOneKindOfTarget(array $target): void
    {
        $this->expectException(ArgumentException::class);
        $this->client()->send(Message::text('x'), ...$target);
    }

    /**
     * @return array<string, array{array<string, mixed>}>
     */
    public function wrongTargets(): array
    {
        return [
            'none' => [[]],
            'two' => [['users' => ['u1'], 'group' => 'cid1==']],
            'half of a conversation' => [['conversation' => 'cid2==']],
            'the other half' => [['coolApp' => 'COOLAPP-1']],
        ];
    }

    public function testWhatWasSentIsAskedAboutAndTakenBack(): void
    {
        $client = $this->client();
        [$key] = $client->send(Message::text('x'), users: ['u1'])->wait()['processQueryKeys'];
        self::assertSame('SUCCESS', $client->readStatus($key, users: [])->wait()['sendStatus']);
        $recalled = $client->recall([$key, 'unknown'], users: [])->wait();
        self::assertSame([[$key], ['unknown']], [$recalled['successResult'], \array_keys($recalled['failedResult'])]);
    }

    public function testADingReachesUsersByAWayOfYourChoice(): void
    {
        $this->client()->ding(['u1'], 'now', remind: 'sms')->wait();
        self::assertSame(2, self::simulator()->taken('send')[0]['remindType']);
        $this->expectExceptionMessage('remind takes one of app, sms, phone');
        $this->client()->ding(['u1'], 'now', remind: 'pigeon');
    }

    public function testAnyOtherApiIsCalledWithQueryAndBody(): void
    {
        self::simulator()->answer('POST', self::PATH, ['list' => ['u1']]);
        self::simulator()->answer('GET', '/topapi/x', ['errcode' => 0, 'a' => 1]);
        $client = $this->client();
        $query = ['a' => 'b+c', 'page' => 2];
        $answer = $client->request('POST', self::PATH, query: $query, body: ['queryWord' => 'ann'])->wait();
        self::assertSame(['list' => ['u1']], $answer);
        $request = self::simulator()->taken('request')[0];
        self::assertSame(['b+c', '2'], [$request['query']['a'], $request['query']['page']]);
        self::assertSame(['queryWord' => 'ann'], $request['body']);
        self::assertSame(1, $client->request('GET', '/topapi/x', host: 'oapi')->wait()['a']);
    }

    public function testAnIsvCallsForAnOrganisationWithItsTicket(): void
    {
        self::simulator()->answer('GET', self::PATH, ['a' => 1]);
        $client = $this->client();
        try {
            $client->request('GET', self::PATH, corp: 'corp-1')->wait();
            self::fail('there is no ticket yet');
        } catch (ConfigException $error) {
            self::assertStringContainsString('suite ticket', $error->getMessage());
        }
        $client->setSuiteTicket('ticket');
        self::assertSame(1, $client->request('GET', self::PATH, corp: 'corp-1')->wait()['a']);
    }

    public function testARefusalIsOfItsKind(): void
    {
        self::simulator()->answer('GET', self::PATH, []);
        self::simulator()->spoil(['what' => self::PATH, 'code' => 'Forbidden.AccessDenied.ApiCountLimitForOrg']);
        $this->expectException(QuotaException::class);
        $this->client()->request('GET', self::PATH)->wait();
    }

    public function testARefusalSaysWhatSupportAsksForAndWhatIsMissing(): void
    {
        self::simulator()->answer('GET', self::PATH, []);
        self::simulator()->settings(['deniedScopes' => [self::PATH => ['Contact.User.Read', 'Contact.User.Write']]]);
        try {
            $this->client()->request('GET', self::PATH)->wait();
            self::fail('it was allowed');
        } catch (ForbiddenException $error) {
            self::assertSame(['Contact.User.Read', 'Contact.User.Write'], $error->requiredScopes);
            $url = self::simulator()->url . self::PATH;
            self::assertStringContainsString("client id: ding-demo\nrequest: GET $url\n", $error->supportText);
            self::assertStringNotContainsString('demo-secret', $error->supportText);
        }
        self::assertSame([], (new ArgumentException('argument', 'x'))->requiredScopes);
    }

    public function testAReplyTakesTheWayOfYourChoice(): void
    {
        $told = [];
        $client = $this->client()->onMessage(function (BotMessage $message) use (&$told): void {
            try {
                $message->reply(Message::text('x'), via: 'smoke');
            } catch (ArgumentException $error) {
                $told[] = $error->getMessage();
            }
            $told[] = $message->reply(Message::text('x', atAll: true), via: 'openapi')->wait();
        });
        $client->start()->wait();
        self::simulator()->message('hi', ['senderStaffId' => 'ann']);
        self::until($client, static function () use (&$told) {
            return \count($told) === 2;
        });
        self::assertSame('via takes one of auto, session, openapi', $told[0]);
        self::assertSame(['openapi', ['mentions']], [$told[1]['via'], $told[1]['lost']]);
        self::stop($client);
    }
}
