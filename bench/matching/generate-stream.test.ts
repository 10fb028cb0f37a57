import { describe, expect, it } from 'vitest';
import { Kind, OrderType } from './command-stream.ts';
import { createTotals } from './compare-books.ts';
import { generateStream } from './generate-stream.ts';
import { nodejsOrderBook } from './nodejs-order-book-under-test.ts';
import { richerShare } from './richer-orders.ts';
import { type Workload, workloads } from './workloads.ts';

const commands = 20_000;
const rejectedShareMax = 0.01;

// The deep one with fewer orders: the other book takes seconds to fill.
function smaller(workload: Workload): Workload {
  return { ...workload, resting: Math.min(workload.resting, 5_000) };
}

describe('generateStream', () => {
  it('makes the same commands of the same seed, and others of another', () => {
    for (const workload of workloads.map(smaller)) {
      const [first, again, other] = [1, 1, 2].map((seed) => generateStream(workload, commands, seed));
      expect(again).toEqual(first);
      expect(other?.tradesDigest).not.toBe(first?.tradesDigest);
    }
  });

  it('makes the number of timed commands that it is asked for', () => {
    for (const workload of workloads.map(smaller)) {
      const { stream } = generateStream(workload, commands, 1);
      expect(stream.count - stream.setupCount).toBe(commands);
    }
  });

  it.each(workloads.map(smaller))(
    '$name: cancels and replaces are about orders that rest, but for less than 1 %',
    (workload) => {
      const { stream, tradesDigest } = generateStream(workload, commands, 1);
      const totals = createTotals();
      nodejsOrderBook.create(stream).observe(0, stream.count, totals);
      expect(totals.rejected).toBeGreaterThan(0);
      expect(totals.rejected / stream.count).toBeLessThan(rejectedShareMax);
      expect(totals.cancelled).toBeGreaterThan(commands * 0.05);
      expect(totals.replaced).toBeGreaterThan(commands * 0.03);
      expect(totals.trades.digest()).toBe(tradesDigest);
      expect(totals.trades.count).toBeGreaterThan(commands * 0.01);
    },
  );

  it.each(workloads.map(smaller))('$name: one in twenty of the orders that rest is of a richer type', (workload) => {
    const { stream } = generateStream(workload, commands, 1);
    const richer = new Set<number>();
    for (let at = 0; at < stream.count; at++) {
      if (stream.type[at] === OrderType.PLAIN) continue;
      if (stream.kind[at] === Kind.NEW) richer.add(stream.order[at] ?? -1);
      else expect(richer.delete(stream.order[at] ?? -1)).toBe(true);
    }
    const wanted = (workload.resting * richerShare) / (1 - richerShare);
    expect(richer.size).toBeGreaterThan(wanted * 0.85);
    expect(richer.size).toBeLessThan(wanted * 1.15);
  });
});
