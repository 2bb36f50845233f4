<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\BotMessage;
use DingStream\Exception\ArgumentException;
use DingStream\Exception\CancelledException;
use DingStream\Exception\TooLargeException;
use DingStream\Tests\Support\SimulatedTestCase;

final class MediaTest extends SimulatedTestCase
{
    private string $folder;

    protected function setUp(): void
    {
        parent::setUp();
        $this->folder = \sys_get_temp_dir() . '/' . \bin2hex(\random_bytes(8));
        \mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        \array_map(\unlink(...), \glob("$this->folder/*") ?: []);
        \rmdir($this->folder);
    }

    public function testWhatIsInMemoryAndWhatIsInAFileIsUploadedByteForByte(): void
    {
        $bytes = \random_bytes(1_000_000);
        \file_put_contents("$this->folder/photo.png", $bytes);
        $client = $this->client();
        $uploads = [
            $client->uploadBytes('file', 'report.pdf', $bytes),
            $client->upload('image', "$this->folder/photo.png"),
        ];
        $results = \array_map(static fn ($upload) => $upload->wait(), $uploads);
        self::assertSame(['file', 'image'], \array_column($results, 'type'));
        // One with a token from before a reset is refused, inside 200.
        $isStored = static fn (array $record) => isset($record['media_id']);
        $records = \array_filter(self::simulator()->taken('upload', 2), $isStored);
        $hash = \hash('sha256', $bytes);
        self::assertSame([$hash, $hash], \array_column($records, 'sha256'));
        $ids = \array_column($records, 'media_id');
        self::assertEqualsCanonicalizing($ids, \array_column($results, 'mediaId'));
    }

    public function testWhatDingTalkDoesNotTakeIsNotSent(): void
    {
        $client = $this->client();
        $refused = [
            fn () => $client->uploadBytes('file', 'notes.txt', 'x')->wait(),
            fn () => $client->uploadBytes('image', 'empty.png', '')->wait(),
            fn () => $client->upload('file', "$this->folder/absent.pdf")->wait(),
            fn () => $client->upload('smell', "$this->folder/absent.pdf")->wait(),
        ];
        foreach ($refused as $upload) {
            try {
                $upload();
                self::fail('it was taken');
            } catch (ArgumentException) {
            }
        }
        self::assertSame([], self::simulator()->records('upload', 1, 0));
    }

    public function testADownloadComesToMemoryOrIntoAFolder(): void
    {
        self::simulator()->file('c1', ['size' => 1_000_000, 'contentType' => 'image/png']);
        $client = $this->client();
        $file = $client->download('c1')->wait();
        self::assertSame([1_000_000, 'image/png'], [$file['bytes'], $file['contentType']]);
        self::assertSame(\implode(\array_map(\chr(...), \range(0, 250))), \substr($file['data'], 0, 251));
        $stored = $client->download('c1', to: $this->folder)->wait();
        self::assertSame(\md5($file['data']), \md5_file($stored['path']));
        self::assertArrayNotHasKey('data', $stored);
    }

    public function testADownloadAboveTheCapIsTooLarge(): void
    {
        self::simulator()->file('c1', ['size' => 300_000, 'chunked' => true]);
        $client = $this->client(['downloadBytes' => 100_000]);
        $this->expectException(TooLargeException::class);
        $client->download('c1')->wait();
    }

    public function testAHandlerThatDownloadsHoldsUpNobody(): void
    {
        self::simulator()->file('c1', ['size' => 200_000, 'stallAt' => 100_000]);
        $told = [];
        $client = $this->client(['requestTimeoutMs' => 20_000]);
        $client->onMessage(function (BotMessage $message) use ($client, &$told): void {
            $told[] = $message->text;
            if ($message->text === 'download') {
                $download = $client->download('c1');
                $told['download'] = $download;
                try {
                    $download->wait();
                } catch (CancelledException) {
                    $told[] = 'cancelled';
                }
            } else {
                $told['download']->cancel();
            }
        });
        $client->start()->wait();
        self::simulator()->message('download', ['conversationId' => 'a']);
        self::simulator()->message('cancel', ['conversationId' => 'b']);
        self::until($client, static function () use (&$told) {
            return \in_array('cancelled', $told, true);
        });
        unset($told['download']);
        self::assertSame(['download', 'cancel', 'cancelled'], $told);
        self::stop($client);
    }

    public function testADumpShowsNoBytesOfAFile(): void
    {
        self::simulator()->file('c1', ['text' => 'planted']);
        $download = $this->client()->download('c1');
        self::assertSame('planted', $download->wait()['data']);
        self::assertStringNotContainsString('planted', \print_r($download, true));
    }
}
