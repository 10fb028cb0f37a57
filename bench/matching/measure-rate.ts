import type { BookMaker } from './book-under-test.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { CommandStream } from './command-stream.ts';

/** Duration of one repetition in ms: wall-clock time, and processor time, which excludes what other processes used of the core. */
export type Timing = { clockMs: number; processorMs: number; fingerprint: string };

/** Times a new book, once it is filled, on the timed commands before `end`. */
export function timeOnce(maker: BookMaker, stream: CommandStream, end: number): Timing {
  const book = maker.create(stream);
  book.run(0, stream.setupCount);
  collectGarbage();
  const before = process.threadCpuUsage();
  const startTimeMs = performance.now();
  book.run(stream.setupCount, end);
  const clockMs = performance.now() - startTimeMs;
  const { user, system } = process.threadCpuUsage(before);
  const fingerprint = end === stream.count ? book.fingerprint() : '';
  return { clockMs, processorMs: (user + system) / 1_000, fingerprint };
}
