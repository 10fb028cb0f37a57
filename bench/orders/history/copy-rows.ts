/** Writes rows by COPY in PostgreSQL's text format, each a sample with some of its values replaced. */
import { once } from 'node:events';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import type { RowValues } from './history-rows.ts';

/** A table that is being written. */
export type RowWriter = {
  /** Adds a row; resolves when there is room for more. */
  write(values: RowValues): Promise<void>;
  /** Resolves when every row is in the table. */
  end(): Promise<void>;
};

const columnsSql = `
  SELECT attname AS name FROM pg_attribute
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`;
const bufferedLengthMax = 1 << 20;

/** The first row of a table that a condition finds, as texts. Rejects when there is none. */
export async function readSample(
  client: pg.Client,
  table: string,
  condition: string,
): Promise<Map<string, string | null>> {
  const names = (await client.query<{ name: string }>(columnsSql, [table])).rows.map(({ name }) => name);
  const texts = names.map((name) => `${name}::text`).join(', ');
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${texts} FROM ${table} WHERE ${condition} LIMIT 1`,
    rowMode: 'array',
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`${table} has no row to copy: ${condition}`);
  return new Map(names.map((name, index) => [name, row[index] ?? null]));
}

/** Begins to write a table. */
export function writeRows(client: pg.Client, table: string, sample: ReadonlyMap<string, string | null>): RowWriter {
  const names = [...sample.keys()];
  const sampleTexts = [...sample.values()].map((value) => (value === null ? '\\N' : escapeText(value)));
  const stream = client.query(from(`COPY ${table} (${names.join(', ')}) FROM STDIN`));
  // COPY fails as a whole: what it says is thrown at the end.
  const done = once(stream, 'finish');
  done.catch(() => {});
  let buffered = '';
  const flush = async () => {
    const text = buffered;
    buffered = '';
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), done]);
  };
  return {
    async write(values) {
      buffered += `${names.map((name, index) => values[name] ?? sampleTexts[index]).join('\t')}\n`;
      if (buffered.length > bufferedLengthMax) await flush();
    },
    async end() {
      await flush();
      stream.end();
      await done;
    },
  };
}

function escapeText(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
