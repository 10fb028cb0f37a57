import { parseArgs } from 'node:util';
import type { Bench, Flag } from './bench.ts';

/** A command line that cannot be understood; the message is one line for the person who typed it. */
export class UsageError extends Error {}

/** What the command line asks for beside the bench's name. */
export type BenchArguments = { json: boolean; flags: Record<string, number | string> };

/** Reads the flags of a bench, and `--json`. Throws UsageError. */
export function readFlags(bench: Pick<Bench, 'name' | 'flags'>, args: readonly string[]): BenchArguments {
  const { json, ...given } = parse(bench, args);
  const flags = Object.entries(bench.flags).map(([name, flag]) => [name, readFlag(name, flag, given[name])]);
  return { json: json === true, flags: Object.fromEntries(flags) };
}

/** The flags of a bench as help text, one line each. */
export function describeFlags(flags: Record<string, Flag>): string[] {
  return Object.entries(flags).map(([name, flag]) => {
    const bounds = flag.kind === 'count' ? ` (${flag.min} to ${flag.max}, default ${flag.default})` : '';
    return `--${name} ${flag.kind === 'count' ? 'N' : 'TEXT'}  ${flag.help}${bounds}`;
  });
}

function parse({ name, flags }: Pick<Bench, 'name' | 'flags'>, args: readonly string[]) {
  const options = Object.fromEntries(Object.keys(flags).map((flag) => [flag, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, json: { type: 'boolean' } } });
    return values as Record<string, string | boolean | undefined>;
  } catch (error) {
    const [firstSentence] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    throw new UsageError(`${name}: ${firstSentence}`);
  }
}

function readFlag(name: string, flag: Flag, given: string | boolean | undefined): number | string {
  if (typeof given !== 'string') return flag.default;
  if (flag.kind === 'text') return given;
  const value = /^\d{1,12}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= flag.min && value <= flag.max) return value;
  throw new UsageError(`--${name} takes a whole number from ${flag.min} to ${flag.max}, not '${given}'`);
}
