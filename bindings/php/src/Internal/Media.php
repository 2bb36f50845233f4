<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Call;
use DingStream\Exception\DingStreamException;

/**
 * Files, which need no connection either.
 *
 * @internal
 */
trait Media
{
    /**
     * Uploads a file, to be sent by its media id. The result is `mediaId` and `type`.
     *
     * @param 'image'|'voice'|'video'|'file' $type
     *
     * @throws DingStreamException
     */
    public function upload(string $type, string $path): Call
    {
        $number = Tables::number('type', Tables::MEDIA_TYPES, $type);
        return $this->receiver->call('client_upload_file', $this->handle, $number, $path, \strlen($path));
    }

    /**
     * The same from memory.
     *
     * @param 'image'|'voice'|'video'|'file' $type
     * @param string $name Its name, whose ending says what is in it.
     *
     * @throws DingStreamException
     */
    public function uploadBytes(string $type, string $name, #[\SensitiveParameter] string $bytes): Call
    {
        $number = Tables::number('type', Tables::MEDIA_TYPES, $type);
        $call = $this->receiver->begin(
            'client_upload',
            $this->handle,
            $number,
            $name,
            \strlen($name),
            \strlen($bytes)
        );
        return Transfer::upload($this->receiver, $call, $bytes);
    }

    /**
     * Downloads what a message brought. The result is `name`, `bytes` (how many), `contentType`, and `path`, or,
     * without a place to put it, `data`, the bytes themselves.
     *
     * @param string $code One of the message's `downloadCodes`.
     * @param string|null $to Where it goes: a file, or a folder, in which it gets the name that DingTalk tells.
     * @param string|null $robotCode The robot that got the message, where it is not the client's own.
     *
     * @throws DingStreamException a TooLargeException, from the call, where it has more than `downloadBytes`
     */
    public function download(string $code, ?string $to = null, ?string $robotCode = null): Call
    {
        if ($to !== null) {
            return $this->ask('client_download_file', $code, $robotCode ?? '', $to);
        }
        $call = $this->receiver->begin('client_download', $this->handle, ...Native::texts($code, $robotCode ?? ''));
        return Transfer::download($this->receiver, $call);
    }
}
