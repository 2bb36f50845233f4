<?php

declare(strict_types=1);

namespace DingStream\Tests;

use DingStream\Exception\ArgumentException;
use DingStream\Markdown;
use PHPUnit\Framework\TestCase;

final class MarkdownTest extends TestCase
{
    public function testWhatATextShowsIsWrittenForDingTalk(): void
    {
        self::assertSame('a\*b\_\[c\]', Markdown::escape('a*b_[c]'));
        self::assertSame('@138', Markdown::mention('138'));
        self::assertSame('![](@p)', Markdown::image('@p'));
        self::assertStringEndsWith('pc_slide=true', Markdown::link('https://h/?a=b', 'panel'));
        self::assertStringEndsWith('pc_slide=false', Markdown::link('https://h/?a=b', 'browser'));
        self::assertSame("- **1** – b: 2\n", Markdown::fit("| a | b |\n| --- | --- |\n| 1 | 2 |\n"));
    }

    public function testALongTextIsCutIntoPartsOfSoManyBytes(): void
    {
        $text = \implode(' ', \array_fill(0, 40, '中文'));
        $parts = Markdown::split($text, 64);
        self::assertLessThanOrEqual(64, \max(\array_map(\strlen(...), $parts)));
        self::assertSame(\str_replace(' ', '', $text), \str_replace(' ', '', \implode($parts)));
        self::assertSame(['short'], Markdown::split('short', 20_000));
        self::assertCount(2, Markdown::split(\str_repeat('x', 100), -1));
    }

    public function testWhateverStandsInATextComesBack(): void
    {
        self::assertSame("a\0b 😀", Markdown::fit("a\0b 😀"));
        self::assertSame('', Markdown::escape(''));
        self::assertSame(["a\0b"], Markdown::split("a\0b", 64));
    }

    public function testAPlaceThatDoesNotExistIsRefused(): void
    {
        $this->expectException(ArgumentException::class);
        $this->expectExceptionMessage('place takes one of panel, browser');
        Markdown::link('https://h', 'shelf');
    }

    public function testTextThatIsNotUtf8IsRefused(): void
    {
        $this->expectException(ArgumentException::class);
        Markdown::fit("\xff");
    }
}
