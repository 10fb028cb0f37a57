/** Reads rows by COPY in PostgreSQL's binary format: what pg gives as results of statements goes through text. */
import type pg from 'pg';

// "PGCOPY\n\377\r\n\0", four bytes of flags, and the length of an extension that nobody uses.
const headerLength = 19;

/** A row's values in PostgreSQL's binary form, in the order of the columns; null where there is none. */
export type BinaryRow = readonly (Buffer | null)[];

/** The rows of a SELECT without parameters. */
export async function copyOut(pool: pg.Pool, select: string): Promise<BinaryRow[]> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    const chunks = await new Promise<Buffer[]>((resolve, reject) => {
      client.query(new CopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`, resolve, reject));
    });
    return readRows(chunks);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.release(failure);
  }
}

/** What pg asks of a statement that is not one of its own. */
class CopyOut implements pg.Submittable {
  readonly #text: string;
  readonly #resolve: (chunks: Buffer[]) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];

  /** pg wants to be called back; it does so by the handlers as well. */
  callback = (): void => {};

  constructor(text: string, resolve: (chunks: Buffer[]) => void, reject: (error: Error) => void) {
    this.#text = text;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text);
  }

  // The chunk lies in a buffer that pg uses again.
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#chunks.push(Buffer.from(chunk));
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#resolve(this.#chunks);
  }

  handleError(error: Error): void {
    this.#reject(error);
  }
}

// PostgreSQL sends each row as a chunk of its own, but does not promise it.
function readRows(chunks: readonly Buffer[]): BinaryRow[] {
  const rows: BinaryRow[] = [];
  let at = headerLength;
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of chunks) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = endOfRow(bytes, at); end > 0; end = endOfRow(bytes, at)) {
      rows.push(readRow(bytes, at));
      at = end;
    }
    rest = bytes.subarray(Math.min(at, bytes.length));
    at -= bytes.length - rest.length;
  }
  return rows;
}

/** Where the row that begins at `at` ends; 0 when it is not there as a whole, or the trailer is what begins there. */
function endOfRow(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) return 0;
  let end = at + 2;
  const columns = bytes.readInt16BE(at);
  for (let i = 0; i < columns; i++) {
    if (end + 4 > bytes.length) return 0;
    end += 4 + Math.max(0, bytes.readInt32BE(end));
  }
  return columns < 0 || end > bytes.length ? 0 : end;
}

function readRow(bytes: Buffer, start: number): BinaryRow {
  const row: (Buffer | null)[] = [];
  let at = start + 2;
  for (let left = bytes.readInt16BE(start); left > 0; left--) {
    const length = bytes.readInt32BE(at);
    at += 4;
    row.push(length < 0 ? null : bytes.subarray(at, at + length));
    at += Math.max(0, length);
  }
  return row;
}
