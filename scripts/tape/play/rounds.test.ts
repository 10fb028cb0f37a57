import { describe, expect, it } from 'vitest';
import type { NumberedRow } from '../format/read-tape.ts';
import { parseRow } from '../format/row.ts';
import { wavesOf } from './groups.ts';
import { createPlanner, type PlannedOrder } from './plan.ts';
import { roundsOf } from './rounds.ts';

const rowsOf = (...texts: string[]): NumberedRow[] =>
  texts.map((text, index) => ({ line: index + 2, row: parseRow(`2026-03-10T10:00:00.000Z,${text}`) }));
const keys = (orders: readonly PlannedOrder[]) => orders.map(({ key }) => key).join(' ');

/** The rounds of the rows behind the first ones: the account, then symbol, cancels and placings of each change. */
function roundsAfter(first: number, ...texts: string[]): string[][] {
  const planner = createPlanner();
  const rows = rowsOf(...texts);
  for (const row of rows.slice(0, first)) planner.next(row);
  const waves = wavesOf({ timeMs: 0, rows: rows.slice(first) }).map((wave) => wave.map((row) => planner.next(row)));
  return roundsOf(waves).map(({ trader, changes }) => [
    trader,
    ...changes.map(({ symbol, cancel, place }) => `${symbol} -(${keys(cancel)}) +(${keys(place)})`),
  ]);
}

describe('roundsOf', () => {
  it('has what the maker does in all books in one round', () => {
    expect(roundsAfter(2, 'quote,A,58,5,60,5', 'quote,B,8,5,9,5', 'quote,A,57,5,60,5', 'quote,B,8,5,9,6')).toEqual([
      ['maker', 'A -(2:bid) +(4:bid)', 'B -(3:ask) +(5:ask)'],
    ]);
  });

  it('lets the accounts take turns where a book asks for it, and puts others into the same rounds', () => {
    const rows = ['quote,A,58,5,60,5', 'trade,A,60,3,buy', 'quote,A,58,5,61,5', 'trade,A,61,1,buy', 'trade,B,9,1,sell'];
    expect(roundsAfter(1, ...rows)).toEqual([
      ['maker', 'B -() +(6:make)'],
      ['taker', 'A -() +(3:take)', 'B -() +(6:take)'],
      ['maker', 'A -(2:ask) +(4:ask)', 'B -(6:make) +()'],
      ['taker', 'A -() +(5:take)'],
    ]);
  });

  it('ends what one trade has left before the next one, of the taker in the same round, of the maker in the next', () => {
    const rows = ['quote,A,58,5,60,5', 'trade,A,60,3,buy', 'trade,A,58,1,sell', 'trade,A,59,2,buy'];
    expect(roundsAfter(1, ...rows)).toEqual([
      ['taker', 'A -() +(3:take)', 'A -(3:take) +(4:take)'],
      ['maker', 'A -() +(5:make)'],
      ['taker', 'A -() +(5:take)'],
      ['maker', 'A -(5:make) +()'],
    ]);
  });

  it('leaves both orders of an auction until the next row, and withdraws what the taker has left first', () => {
    expect(roundsAfter(0, 'auction,A,58,5')).toEqual([
      ['maker', 'A -() +(2:make)'],
      ['taker', 'A -() +(2:take)'],
    ]);
    expect(roundsAfter(1, 'auction,A,58,5', 'quote,A,58,5,60,5')).toEqual([
      ['taker', 'A -(2:take) +()'],
      ['maker', 'A -(2:make) +(3:bid 3:ask)'],
    ]);
  });
});
