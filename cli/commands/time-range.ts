/** The options of lists that name a range of time. */
import type { OptionSpec } from '../command/command.ts';
import type { Input } from '../input/input.ts';

/** Options of lists whose rows have a time. */
export const rangeOptions: readonly OptionSpec[] = [
  { name: 'from', value: 'TIME', help: 'only from this time on, 2026-03-01, 2026-03-01T09:30Z, or 2h (ago)' },
  { name: 'until', value: 'TIME', help: 'only before this time' },
  { name: 'oldest-first', help: 'the oldest first' },
];

/** The range that the options name. Throws UsageError. */
export function readRange(input: Input) {
  return { startTime: input.time('from'), endTime: input.time('until'), oldestFirst: input.flag('oldest-first') };
}
