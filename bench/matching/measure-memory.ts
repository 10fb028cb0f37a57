import { pause } from '#platform/time/pause.ts';
import type { BookMaker, BookUnderTest } from './book-under-test.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { CommandStream } from './command-stream.ts';

const collections = 3;
const settleMs = 100;

/** Bytes of a book after the whole stream: heap and array buffers, unused capacity included. */
export async function measureMemory(maker: BookMaker, stream: CommandStream): Promise<number> {
  // Made before the first reading: they belong to the load, not to the book.
  stream.rows;
  const before = await bytesInUse();
  const book = maker.create(stream);
  book.run(0, stream.count);
  const bytes = (await bytesInUse()) - before;
  keepAlive(book);
  return bytes;
}

// Array buffers are freed some time after the collection that found them unused.
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
