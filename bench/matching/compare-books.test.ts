import { describe, expect, it } from 'vitest';
import type { BookMaker } from './book-under-test.ts';
import { Kind } from './command-stream.ts';
import { compareBooks } from './compare-books.ts';
import { generateStream } from './generate-stream.ts';
import { nodejsOrderBook } from './nodejs-order-book-under-test.ts';
import { workloads } from './workloads.ts';

const [balanced] = workloads;
if (!balanced) throw new Error('there is no workload');
const generated = generateStream({ ...balanced, resting: 200 }, 2_000, 1);

// A book that skips its tenth cancel.
const faulty: BookMaker = {
  name: 'faulty',
  takesRicherTypes: false,
  create: (stream) => {
    const book = nodejsOrderBook.create(stream);
    const cancels = Array.from({ length: stream.count }, (_, at) => at).filter((at) => stream.kind[at] === Kind.CANCEL);
    const skipped = cancels[10] ?? 0;
    return {
      ...book,
      run: (from, to) => book.run(from, to),
      fingerprint: () => '',
      observe: (from, to, totals) => {
        for (let at = from; at < to; at++) if (at !== skipped) book.observe(at, at + 1, totals);
      },
    };
  },
};

describe('compareBooks', () => {
  it('counts the outcomes where both books do the same', () => {
    const { otherEnd, oursWhole } = compareBooks(generated, { ours: nodejsOrderBook, other: nodejsOrderBook }, 10_000);
    expect(otherEnd).toBe(generated.stream.count);
    expect(oursWhole.accepted).toBeGreaterThan(500);
  });

  it('throws when a book does something else', () => {
    expect(() => compareBooks(generated, { ours: faulty, other: nodejsOrderBook }, 10_000)).toThrow('the books differ');
  });
});
