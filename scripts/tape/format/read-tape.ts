/** Reads a tape as a stream: strictly, line by line, in bounded memory. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parseRow, RowError, type TapeRow, versionLine } from './row.ts';

/** Greatest number of characters in a line. */
export const lineLengthMax = 200;
/** Greatest number of symbols of a tape. */
export const symbolsMax = 100;

const lineFeed = '\n';
const gzipExtension = '.gz';

/** A tape that cannot be read further; the message has the file and the line. */
export class TapeError extends Error {
  override name = 'TapeError';
}

/** A row with the number of its line, from 1. */
export type NumberedRow = { line: number; row: TapeRow };

/** What the steps of prices and quantities of an instrument are, in millionths. */
export type Steps = { tick: bigint; lot: bigint };

/**
 * The rows of a file, which is gzip when its name ends in `.gz`, else plain. Times never go back. With `steps` each row is checked against its
 * instrument. Throws TapeError at the first line that is wrong, and the file system's error.
 */
export async function* readTape(path: string, steps?: ReadonlyMap<string, Steps>): AsyncGenerator<NumberedRow> {
  const symbols = new Set<string>();
  let line = 0;
  let lastMs = 0;
  const fail = (why: string): never => {
    throw new TapeError(`${path}, line ${line}: ${why}`);
  };
  try {
    for await (const text of linesOf(path)) {
      line += 1;
      if (text.length > lineLengthMax) fail(`the line has more than ${lineLengthMax} characters`);
      if (line === 1) {
        if (text !== versionLine) fail(`the first line is not '${versionLine}'`);
        continue;
      }
      const row = parseRow(text);
      if (row.timeMs < lastMs) fail('the time is before that of the line above');
      if (symbols.add(row.symbol).size > symbolsMax) fail(`there are more than ${symbolsMax} symbols`);
      if (steps !== undefined) checkSteps(row, steps);
      lastMs = row.timeMs;
      yield { line, row };
    }
  } catch (error) {
    if (error instanceof RowError) fail(error.message);
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      line += 1;
      fail('what follows is damaged or cut off');
    }
    throw error;
  }
  if (line === 0) fail('the file is empty');
}

/** What a tape is as a whole. */
export type TapeSummary = {
  /** The first 16 digits of the SHA-256 of its rows. */
  id: string;
  rows: number;
  symbols: string[];
  firstMs: number;
  lastMs: number;
};

/** Reads a tape to its end. Throws TapeError, also for one without rows. */
export async function summarize(path: string, steps?: ReadonlyMap<string, Steps>): Promise<TapeSummary> {
  const hash = createHash('sha256');
  const symbols = new Set<string>();
  let [rows, firstMs, lastMs] = [0, 0, 0];
  for await (const { row } of readTape(path, steps)) {
    hash.update(JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? String(value) : value)));
    symbols.add(row.symbol);
    if (rows === 0) firstMs = row.timeMs;
    lastMs = row.timeMs;
    rows += 1;
  }
  if (rows === 0) throw new TapeError(`${path} has no rows`);
  return { id: hash.digest('hex').slice(0, 16), rows, symbols: [...symbols].toSorted(), firstMs, lastMs };
}

function checkSteps(row: TapeRow, steps: ReadonlyMap<string, Steps>): void {
  const terms = steps.get(row.symbol);
  if (terms === undefined) throw new RowError(`there is no instrument ${row.symbol}`);
  for (const level of row.kind === 'quote' ? [row.bid, row.ask] : [row.level]) {
    if (level === undefined) continue;
    if (level.price % terms.tick !== 0n) throw new RowError(`a price is no multiple of the tick of ${row.symbol}`);
    if (level.quantity % terms.lot !== 0n) throw new RowError(`a quantity is no multiple of the lot of ${row.symbol}`);
  }
}

/** The lines without their ends; of one that is too long more than the greatest length, and nothing behind it. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const bytes = path.endsWith(gzipExtension) ? file.pipe(createGunzip()) : file;
  // A pipe does not pass on the error of its source.
  if (bytes !== file) file.once('error', (error) => bytes.destroy(error));
  let rest = '';
  for await (const chunk of bytes.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split(lineFeed);
    rest = lines.pop() ?? '';
    yield* lines.map((line) => line.replace(/\r$/, ''));
    if (rest.length > lineLengthMax) break;
  }
  if (rest !== '') yield rest;
}
