import { pause } from '#platform/time/pause.ts';
import type { BookMaker, BookUnderTest } from './book-under-test.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { CommandStream } from './command-stream.ts';

const collections = 3;
const settleMs = 100;

/** Bytes that a book holds after the whole stream: heap and array buffers, also the parts of those that nothing was written to. */
export async function measureMemory(maker: BookMaker, stream: CommandStream): Promise<number> {
  // They are the load, not the book.
  stream.rows;
  const before = await bytesInUse();
  const book = maker.create(stream);
  book.run(0, stream.count);
  const bytes = (await bytesInUse()) - before;
  keepAlive(book);
  return bytes;
}

// Array buffers are given back a while after the collection that found them unused.
async function bytesInUse(): Promise<number> {
  for (let round = 0; round < collections; round++) {
    collectGarbage();
    await pause(settleMs);
  }
  // Array buffers are part of `external`.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function keepAlive(book: BookUnderTest): void {
  book.run(0, 0);
}
