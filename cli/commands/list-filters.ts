/** The options of lists that say which rows, and what they make of a request. */
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { OptionSpec } from '../command/command.ts';
import type { Input } from '../input/input.ts';
import { readTime } from '../input/time.ts';
import { UsageError } from '../input/usage-error.ts';
import { readChoice } from './pages.ts';

const sides: Readonly<Record<string, Side>> = { buy: Side.BUY, sell: Side.SELL };

/** Only one side. */
export const sideOption: OptionSpec = {
  name: 'side',
  value: 'SIDE',
  help: 'only this side',
  choices: Object.keys(sides),
};

/** From when, and until when. */
export const timeOptions: readonly OptionSpec[] = [
  { name: 'since', value: 'TIME', help: 'only from this time on: 2026-03-01, 2026-03-01T09:30Z, or 2h (ago)' },
  { name: 'until', value: 'TIME', help: 'only before this time' },
];

/** Oldest first. */
export const oldestOption: OptionSpec = { name: 'oldest', help: 'oldest first' };

/** The side that the options name; undefined: both. Throws UsageError. */
export function readSide(input: Input): Side | undefined {
  return readChoice(input, 'side', sides);
}

/** The times that the options name. Throws UsageError. */
export function readTimes(input: Input, nowMs: number = Date.now()): { fromTime?: Timestamp; untilTime?: Timestamp } {
  const [since, until] = [input.text('since'), input.text('until')];
  return {
    ...(since !== undefined && { fromTime: readTime(since, '--since', nowMs) }),
    ...(until !== undefined && { untilTime: readTime(until, '--until', nowMs) }),
  };
}

/** Several words with commas between them as the numbers of an enum; undefined when the option was not given. Throws UsageError. */
export function readChoices<Value extends number>(
  input: Input,
  name: string,
  numbers: Readonly<Record<string, Value>>,
): Value[] | undefined {
  return input
    .text(name)
    ?.split(',')
    .map((word) => {
      const number = numbers[word];
      if (number === undefined) throw new UsageError(`--${name} takes ${Object.keys(numbers).join(', ')}, with commas`);
      return number;
    });
}
