<?php

declare(strict_types=1);

namespace DingStream\Conformance;

use DingStream\BotMessage;
use DingStream\Exception\DingStreamException;

/**
 * Files, up and down.
 */
trait Filing
{
    private function fileByText(BotMessage $message): void
    {
        $code = $message->downloadCodes[0] ?? '';
        $folder = \sys_get_temp_dir() . '/' . \bin2hex(\random_bytes(8));
        \mkdir($folder);
        try {
            match ($message->text) {
                'upload' => $this->upload('report.pdf', 200_000),
                'upload file' => $this->uploadFile("$folder/photo.png"),
                'upload text' => $this->upload('notes.txt', 10),
                'download' => self::say(['downloaded' => \strlen($this->client->download($code)->wait()['data'])]),
                'download file' => self::say(['downloaded' => \filesize(
                    $this->client->download($code, to: $folder)->wait()['path']
                )]),
                default => null,
            };
        } catch (DingStreamException $error) {
            self::sayError($error);
        } finally {
            \array_map(\unlink(...), \glob("$folder/*") ?: []);
            \rmdir($folder);
        }
    }

    private function upload(string $name, int $size): void
    {
        $result = $this->client->uploadBytes('file', $name, \str_repeat("\0", $size))->wait();
        self::say(['uploaded' => $result['type']]);
    }

    private function uploadFile(string $path): void
    {
        \file_put_contents($path, \str_repeat("\0", 1000));
        self::say(['uploaded' => $this->client->upload('image', $path)->wait()['type']]);
    }
}
