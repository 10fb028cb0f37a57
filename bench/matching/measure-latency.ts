import { type Distribution, distributionOf } from '../load/distribution.ts';
import type { BookMaker } from './book-under-test.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { CommandStream } from './command-stream.ts';

const microsecondsPerMs = 1_000;
const overheadReads = 100_000;

/** Time of each timed command, in us, the clock's own included: the clock is read once between two commands. */
export function measureLatency(maker: BookMaker, stream: CommandStream): Distribution {
  const book = maker.create(stream);
  book.run(0, stream.setupCount);
  const took = new Float64Array(stream.count - stream.setupCount);
  collectGarbage();
  let before = performance.now();
  for (let at = stream.setupCount; at < stream.count; at++) {
    book.run(at, at + 1);
    const after = performance.now();
    took[at - stream.setupCount] = (after - before) * microsecondsPerMs;
    before = after;
  }
  return distributionOf(took);
}

/** What one reading of the clock takes at the median, in us: part of every latency. */
export function measureClock(): number {
  const took = new Float64Array(overheadReads);
  let before = performance.now();
  for (let read = 0; read < overheadReads; read++) {
    const after = performance.now();
    took[read] = (after - before) * microsecondsPerMs;
    before = after;
  }
  return distributionOf(took).p50;
}
