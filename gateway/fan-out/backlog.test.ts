import { describe, expect, it } from 'vitest';
import { Backlog } from './backlog.ts';
import { type StreamKind, streamKinds } from './kinds.ts';
import { SharedMessage } from './shared-message.ts';

const [quotes, , trades] = streamKinds as [StreamKind, StreamKind, StreamKind, StreamKind];
const quote = (symbol: string, sequence: bigint) =>
  SharedMessage.of(quotes, symbol, { epoch: 'e', sequence, message: { case: 'quote', value: { symbol } } });
const trade = (sequence: bigint) =>
  SharedMessage.of(trades, 'A', { epoch: 'e', sequence, message: { case: 'trade', value: { symbol: 'A' } } });
const seenOf = (backlog: Backlog) =>
  backlog.messages().map(({ symbol, message, conflatedCount }) => `${symbol} ${message.sequence} ${conflatedCount}`);

describe('Backlog', () => {
  it('has the newest quote of each symbol with the number of those left out, counted for each reader', () => {
    let conflated = 0;
    const backlog = new Backlog({
      positions: [],
      onConflated: (count) => {
        conflated += count;
      },
    });
    backlog.readersCount = 3;
    backlog.hold([quote('A', 2n), quote('B', 3n), quote('A', 4n), quote('A', 5n)]);
    expect(seenOf(backlog)).toEqual(['A 5 2', 'B 3 0']);
    expect(conflated).toBe(6);
    const copy = backlog.copyFor(new Set(['B']));
    copy.hold([quote('B', 6n)]);
    expect([seenOf(copy), seenOf(backlog)]).toEqual([['B 6 1'], ['A 5 2', 'B 3 0']]);
  });

  it('has no state from before a snapshot', () => {
    const backlog = new Backlog({ positions: [], onConflated: () => {} });
    const snapshot = { epoch: 'f', sequence: 1n, message: { case: 'snapshot', value: { quotes: [] } } };
    backlog.hold([quote('A', 9n), SharedMessage.of(quotes, '', snapshot), quote('B', 2n)]);
    expect(seenOf(backlog)).toEqual([' 1 0', 'B 2 0']);
  });

  it('has each trade, of too many the newest and the number of the others', () => {
    const backlog = new Backlog({ positions: [], onConflated: () => {} });
    backlog.hold(Array.from({ length: 1_200 }, (_, index) => trade(BigInt(index))));
    const sequences = backlog.messages().map(({ message }) => Number(message.sequence));
    expect(sequences.length + backlog.missedCount).toBe(1_200);
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, at) => at + backlog.missedCount));
    expect(sequences.length).toBeGreaterThanOrEqual(500);
  });
});
