/** Records trades, auctions and quotes of a market, of all symbols in the sequence of their times. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { formatRow, type TapeRow, versionLine } from '../format/row.ts';
import type { Call } from '../session.ts';
import { auctionsOf, quotesOf, type Range, tradesOf } from './sources.ts';

/** What is recorded; symbols that exist, at most 100. */
export type RecordOptions = Omit<Range, 'symbol'> & { path: string; call: Call; symbols: readonly string[] };

/**
 * Writes a tape and returns its rows. The file appears when it is whole. Rejects with the gateway's errors and the file system's. Memory: a page
 * of each symbol.
 */
export async function record({ path, call, symbols, fromMs, toMs }: RecordOptions): Promise<number> {
  const part = `${path}.part`;
  let rows = 0;
  async function* lines() {
    yield `${versionLine}\n`;
    for await (const row of merged(symbols.flatMap((symbol) => sourcesOf(call, { symbol, fromMs, toMs })))) {
      rows += 1;
      yield `${formatRow(row)}\n`;
    }
  }
  try {
    const file = createWriteStream(part);
    if (path.endsWith('.gz')) await pipeline(Readable.from(lines()), createGzip({ level: 9 }), file);
    else await pipeline(Readable.from(lines()), file);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return rows;
}

/** At one time an auction's orders come first, then trades, then what the quote was behind them. */
function sourcesOf(call: Call, range: Range): AsyncIterator<TapeRow>[] {
  return [auctionsOf, tradesOf, quotesOf].map((source) => source(call, range)[Symbol.asyncIterator]());
}

/** The rows of all sources by time; of one time by source. */
async function* merged(sources: AsyncIterator<TapeRow>[]): AsyncGenerator<TapeRow> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first = -1;
    let firstMs = Number.POSITIVE_INFINITY;
    for (const [index, head] of heads.entries()) {
      if (head.done || head.value.timeMs >= firstMs) continue;
      [first, firstMs] = [index, head.value.timeMs];
    }
    const [head, source] = [heads[first], sources[first]];
    if (head === undefined || head.done || source === undefined) return;
    yield head.value;
    heads[first] = await source.next();
  }
}
