import type { BookMaker, BookUnderTest, Totals } from './book-under-test.ts';
import type { GeneratedStream } from './generate-stream.ts';
import { TradeHash } from './trade-hash.ts';

/** Outcomes of the same commands in two books. */
export type Comparison = {
  /** Index before which the other book's commands end. */
  otherEnd: number;
  /** Of our book: until `otherEnd`, and until the end of the stream. */
  ourPrefix: string;
  oursWhole: Totals;
  ourFingerprint: string;
  /** Of the other book, until `otherEnd`. */
  otherPrefix: string;
};

const chunkCommands = 500;

/**
 * Applies all commands to our book, and to the other one as many as it processes within `otherBudgetMs`. Throws when the outcomes of
 * the commands that both applied differ, or our trades from those that the generator expects.
 */
export function compareBooks(
  { stream, tradesDigest }: GeneratedStream,
  makers: { ours: BookMaker; other: BookMaker },
  otherBudgetMs: number,
): Comparison {
  const other = makers.other.create(stream);
  const others = createTotals();
  other.observe(0, stream.setupCount, others);
  const otherEnd = observeFor(other, stream.setupCount, stream.count, others, otherBudgetMs);
  const ours = makers.ours.create(stream);
  const oursWhole = createTotals();
  ours.observe(0, otherEnd, oursWhole);
  const ourPrefix = describeTotals(oursWhole);
  ours.observe(otherEnd, stream.count, oursWhole);
  const otherPrefix = describeTotals(others);
  if (ourPrefix !== otherPrefix) throw new Error(`the books differ: ours ${ourPrefix}; theirs ${otherPrefix}`);
  const digest = oursWhole.trades.digest();
  if (digest !== tradesDigest) throw new Error(`trades ${digest} where the generator expects ${tradesDigest}`);
  return { otherEnd, ourPrefix, oursWhole, ourFingerprint: ours.fingerprint(), otherPrefix };
}

/** Totals of nothing. */
export function createTotals(): Totals {
  return { accepted: 0, cancelled: 0, replaced: 0, rejected: 0, richerDone: 0, trades: new TradeHash() };
}

function observeFor(book: BookUnderTest, from: number, to: number, totals: Totals, budgetMs: number): number {
  const endTimeMs = performance.now() + budgetMs;
  let at = from;
  while (at < to && performance.now() < endTimeMs) {
    const end = Math.min(to, at + chunkCommands);
    book.observe(at, end, totals);
    at = end;
  }
  return at;
}

// Without the richer orders, which one of the books does not have.
function describeTotals({ accepted, cancelled, replaced, rejected, trades }: Totals): string {
  return `${accepted} accepted, ${cancelled} cancelled, ${replaced} replaced, ${rejected} rejected, trades ${trades.digest()}`;
}
