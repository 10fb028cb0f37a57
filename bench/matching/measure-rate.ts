import type { BookMaker } from './book-under-test.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { CommandStream } from './command-stream.ts';

/** How long a new book takes for the timed commands before `end`, in ms, after it was filled. */
export function timeOnce(
  maker: BookMaker,
  stream: CommandStream,
  end: number,
): { tookMs: number; fingerprint: string } {
  const book = maker.create(stream);
  book.run(0, stream.setupCount);
  collectGarbage();
  const startTimeMs = performance.now();
  book.run(stream.setupCount, end);
  const tookMs = performance.now() - startTimeMs;
  return { tookMs, fingerprint: end === stream.count ? book.fingerprint() : '' };
}

/** The middle value; of an even number the lower one of the two. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError('there are no values');
  return sorted[(sorted.length - 1) >> 1]!;
}
