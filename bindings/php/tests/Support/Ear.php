<?php

declare(strict_types=1);

namespace DingStream\Tests\Support;

/**
 * Hears all that is told, in every way in which PHP shows a value, and finds the secrets in it.
 */
final class Ear
{
    /** @var list<string> */
    private array $told = [];

    /** @var list<string> every planted one has `planted` somewhere inside */
    private array $secrets = ['planted'];

    public function keep(string $secret): void
    {
        $this->secrets[] = $secret;
    }

    public function hear(mixed ...$values): void
    {
        foreach ($values as $value) {
            $this->told[] = \print_r($value, true);
            $this->told[] = self::printed(static fn () => \var_dump($value));
            $this->told[] = self::printed(static fn () => \debug_zval_dump($value));
            // It warns of circles, and goes on.
            $this->told[] = (string) @\var_export($value, true);
            $this->told[] = (string) \json_encode($value, \JSON_PARTIAL_OUTPUT_ON_ERROR);
            $this->told[] = self::serialized($value);
            if ($value instanceof \Throwable) {
                $this->told[] = "$value {$value->getMessage()} {$value->getTraceAsString()}";
            }
        }
    }

    /**
     * Hears what this throws, and says whether it threw.
     */
    public function fails(#[\SensitiveParameter] \Closure $work): bool
    {
        try {
            $this->hear($work());
            return false;
        } catch (\Throwable $failure) {
            $this->hear($failure);
            return true;
        }
    }

    public function told(): string
    {
        return \implode("\n", $this->told);
    }

    /**
     * @return list<string> where a secret is told
     */
    public function leaks(): array
    {
        $isLeak = fn (string $told): bool => \array_filter(
            $this->secrets,
            static fn (string $secret) => \str_contains($told, $secret)
        ) !== [];
        return \array_values(\array_filter(\explode("\n", $this->told()), $isLeak));
    }

    private static function printed(\Closure $print): string
    {
        \ob_start();
        $print();
        return (string) \ob_get_clean();
    }

    private static function serialized(mixed $value): string
    {
        try {
            return \serialize($value);
        } catch (\Throwable $failure) {
            return (string) $failure;
        }
    }
}
