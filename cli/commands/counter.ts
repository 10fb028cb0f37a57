import type { OptionSpec } from '../command/command.ts';
import type { Input } from '../input/input.ts';

/** The option of commands that can follow. */
export const watchOption: OptionSpec = { name: 'watch', help: 'go on with each change, until Ctrl-C' };

/** Ends what follows. */
export const countOption: OptionSpec = {
  name: 'count',
  value: 'COUNT',
  help: 'end after so many lines of what is watched',
};

const countMax = 100_000_000;

/** Shows things until there are as many as `--count` says. */
export function createCounter(input: Input) {
  let left = input.whole('count', { min: 1, max: countMax }) ?? Number.POSITIVE_INFINITY;
  return {
    /** Shows them; returns whether there is to be more. */
    count<Item>(items: readonly Item[], show: (item: Item) => void): boolean {
      for (const item of items) {
        if (left <= 0) return false;
        show(item);
        left -= 1;
      }
      return left > 0;
    },
  };
}
