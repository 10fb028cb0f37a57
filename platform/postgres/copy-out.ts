/** Reads rows by COPY in PostgreSQL's binary format: what pg gives as results of statements goes through text. */
import type pg from 'pg';

// "PGCOPY\n\377\r\n\0", four bytes of flags, and the length of an extension that nobody uses.
const headerLength = 19;
const bytesFirst = 64 * 1024;

/** A row's values in PostgreSQL's binary form, in the order of the columns; null where there is none. */
export type BinaryRow = readonly (Buffer | null)[];

/** The rows of a SELECT without parameters. They share one buffer that is as large as all of them. */
export async function copyOut(pool: pg.Pool, select: string): Promise<BinaryRow[]> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      client.query(new CopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`, resolve, reject));
    });
    return readRows(bytes);
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
  readonly #resolve: (bytes: Buffer) => void;
  readonly #reject: (error: Error) => void;
  #bytes = Buffer.allocUnsafeSlow(bytesFirst);
  #length = 0;

  /** pg wants to be called back; it does so by the handlers as well. */
  callback = (): void => {};

  constructor(text: string, resolve: (bytes: Buffer) => void, reject: (error: Error) => void) {
    this.#text = text;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text);
  }

  // The chunk lies in a buffer that pg uses again.
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.max(length, this.#bytes.length * 2));
      this.#bytes.copy(bigger, 0, 0, this.#length);
      this.#bytes = bigger;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#resolve(this.#bytes.subarray(0, this.#length));
  }

  handleError(error: Error): void {
    this.#reject(error);
  }
}

function readRows(bytes: Buffer): BinaryRow[] {
  const rows: BinaryRow[] = [];
  for (let at = headerLength; ; ) {
    const columns = bytes.readInt16BE(at);
    at += 2;
    if (columns < 0) return rows;
    const row: (Buffer | null)[] = [];
    for (let i = 0; i < columns; i++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row.push(length < 0 ? null : bytes.subarray(at, at + length));
      at += Math.max(0, length);
    }
    rows.push(row);
  }
}
