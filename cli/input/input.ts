import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { readTime } from './time.ts';
import { UsageError } from './usage-error.ts';

const decimalText = /^\d{1,20}(?:\.\d{1,18})?$/;

/** What a command line says, once its form has been checked. */
export class Input {
  /** The arguments in their places. */
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(positionals: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.positionals = positionals;
    this.#values = values;
  }

  /** The argument at a place; empty when it is absent. */
  at(index: number): string {
    return this.positionals[index] ?? '';
  }

  /** The value of an option; undefined when it was not given. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** Whether an option without a value was given. */
  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** An option's positive decimal, as it was written: amounts are never numbers here. Throws UsageError. */
  decimal(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readDecimal(text, `--${name}`);
  }

  /** An option's moment. Throws UsageError. */
  time(name: string): Timestamp | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readTime(text, `--${name}`);
  }

  /** An option's whole number from `min` to `max`. Throws UsageError. */
  whole(name: string, { min, max }: { min: number; max: number }): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readWhole(text, { name: `--${name}`, min, max });
  }
}

/** Checks that a text is a decimal without sign or exponent, and returns it as it is. Throws UsageError. */
export function readDecimal(text: string, name: string): string {
  if (!decimalText.test(text)) throw new UsageError(`${name} is to be a decimal such as 12.50, not '${text}'`);
  return text;
}

/** The whole number that a text is. Throws UsageError. */
export function readWhole(text: string, { name, min, max }: { name: string; min: number; max: number }): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${name} is to be a whole number from ${min} to ${max}, not '${text}'`);
}

/** A symbol in capitals, as the market writes them. */
export function readSymbol(text: string): string {
  return text.toUpperCase();
}
