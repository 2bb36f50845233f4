<?php

declare(strict_types=1);

namespace DingStream\Internal;

use DingStream\Call;
use DingStream\Exception\DingStreamException;
use FFI\CData;

/**
 * Bytes on their way into a call or out of it, piece by piece, in a Fiber of their own.
 *
 * @internal
 */
final class Transfer
{
    use Opaque;

    private const PIECE_BYTES = 64 * 1024;

    /** How long others go on where there is no room, or nothing yet. */
    private const PAUSE_MS = 5;

    /** What the program waits for. */
    private readonly Call $call;

    private function __construct(private readonly Receiver $receiver, private readonly CData $handle)
    {
        $this->call = new Call($receiver, null);
    }

    /**
     * @param CData $handle A call that takes so many bytes.
     */
    public static function upload(Receiver $receiver, CData $handle, #[\SensitiveParameter] string $bytes): Call
    {
        $transfer = new self($receiver, $handle);
        return $transfer->begin(fn () => $transfer->write($bytes));
    }

    /**
     * @param CData $handle A call that gives bytes; they are added to its result as `data`.
     */
    public static function download(Receiver $receiver, CData $handle): Call
    {
        $transfer = new self($receiver, $handle);
        return $transfer->begin(fn () => ['data' => $transfer->read()]);
    }

    /**
     * @param \Closure(): array<string, string> $move Gives what is added to the result.
     */
    private function begin(\Closure $move): Call
    {
        $this->receiver->hub->fibers->begin(function () use ($move): void {
            $moved = new Call($this->receiver, $this->handle);
            try {
                $more = $move();
                $this->call->isOver() ? $moved->cancel() : $this->call->finish($moved->wait() + $more, null);
            } catch (DingStreamException $error) {
                $this->call->finish(null, $error);
            }
        });
        return $this->call;
    }

    /**
     * @return array{}
     */
    private function write(#[\SensitiveParameter] string $bytes): array
    {
        $native = $this->receiver->native;
        $written = $native->ffi->new('size_t[1]');
        for ($sent = 0; $sent < \strlen($bytes) && !$this->call->isOver(); $sent += $written[0]) {
            $piece = \substr($bytes, $sent, self::PIECE_BYTES);
            $native->check(
                $native->ffi->dingstream_call_write($this->handle, $piece, \strlen($piece), 0, $written)
            );
            $written[0] > 0 || $this->pause();
        }
        return [];
    }

    private function read(): string
    {
        $native = $this->receiver->native;
        $buffer = $native->ffi->new('char[' . self::PIECE_BYTES . ']');
        [$count, $hasEnded] = [$native->ffi->new('size_t[1]'), $native->ffi->new('bool[1]')];
        for ($data = ''; !$hasEnded[0] && !$this->call->isOver();) {
            $native->check($native->ffi->dingstream_call_read(
                $this->handle,
                $buffer,
                self::PIECE_BYTES,
                0,
                $count,
                $hasEnded
            ));
            $data .= \FFI::string($buffer, $count[0]);
            $count[0] > 0 || $hasEnded[0] || $this->pause();
        }
        return $data;
    }

    private function pause(): void
    {
        $fibers = $this->receiver->hub->fibers;
        $fibers->pause($fibers->ticket(self::PAUSE_MS));
    }
}
