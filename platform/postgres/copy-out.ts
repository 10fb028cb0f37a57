/** Reads rows by COPY in PostgreSQL's binary format: what pg gives as results of statements goes through text. */
import { to } from 'pg-copy-streams';
import type { BoundedPool } from './bounded-pool.ts';

// "PGCOPY\n\377\r\n\0", four bytes of flags, and the length of an extension that is never used.
const headerLength = 19;

/** A row's values in PostgreSQL's binary form, in the order of the columns; null where there is none. */
export type BinaryRow = readonly (Buffer | null)[];

/** The rows of a SELECT without parameters. */
export async function copyOut(pool: BoundedPool, select: string): Promise<BinaryRow[]> {
  const client = await pool.connect();
  try {
    const copy = () => client.query(to(`COPY (${select}) TO STDOUT (FORMAT binary)`)).toArray();
    const rows = readRows(await pool.within(client, copy));
    client.release();
    return rows;
  } catch (error) {
    // Of a stream that broke off, the rest may still come.
    client.release(error as Error);
    throw error;
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
