/** The rows of a tape in groups that are played at one time. */
import { type NumberedRow, TapeError } from '../format/read-tape.ts';

/** Rows of one beat; `timeMs` is the time of the last, so that none is played before its time. */
export type Group = { timeMs: number; rows: NumberedRow[] };

/** Greatest number of rows in a group. */
export const groupRowsMax = 10_000;

/** Groups of rows whose times lie in the same beat of `beatMs`; 1: of exactly one time. Throws TapeError for a group that is too large. */
export async function* groupsOf(rows: AsyncIterable<NumberedRow>, beatMs: number): AsyncGenerator<Group> {
  let group: Group | undefined;
  for await (const numbered of rows) {
    const { timeMs } = numbered.row;
    if (group !== undefined && Math.floor(group.timeMs / beatMs) !== Math.floor(timeMs / beatMs)) {
      yield group;
      group = undefined;
    }
    group ??= { timeMs, rows: [] };
    group.timeMs = timeMs;
    group.rows.push(numbered);
    if (group.rows.length > groupRowsMax) {
      throw new TapeError(
        `line ${numbered.line}: more than ${groupRowsMax} rows are played at once: use a smaller --beat`,
      );
    }
  }
  if (group !== undefined) yield group;
}

/**
 * The rows of a group in waves: within a wave each symbol has one row, so that the orders of a wave can be sent at once. A quote that another
 * one follows at once is left out.
 */
export function wavesOf({ rows }: Group): NumberedRow[][] {
  const bySymbol = new Map<string, NumberedRow[]>();
  for (const numbered of rows) {
    const found = bySymbol.get(numbered.row.symbol) ?? [];
    if (numbered.row.kind === 'quote' && found.at(-1)?.row.kind === 'quote') found.pop();
    found.push(numbered);
    bySymbol.set(numbered.row.symbol, found);
  }
  const lists = [...bySymbol.values()];
  const count = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: count }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1)));
}
