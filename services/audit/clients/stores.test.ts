import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { RowSchema, type RowsPage, RowsPageSchema, Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { createStores, type RowReaders } from './stores.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const rowsPerPage = 500;
const columns = Array.from({ length: 45 }, (_, index) => `column_${index}`);

// As of an order: ids of its own, the account and what many have in common, and what is not set.
function valuesOf(row: number): string[] {
  return columns.map((name, index) => {
    if (index < 6) return `${name} of row ${row}, with an id of its own`;
    if (index < 15) return `${name} of account ${row % 200}, as many have it`;
    return index < 30 ? '0' : '';
  });
}

async function* pagesOf(count: number): AsyncGenerator<{ page: RowsPage }> {
  for (let start = 0; start < count; start += rowsPerPage) {
    const rows = Array.from({ length: Math.min(rowsPerPage, count - start) }, (_, index) =>
      create(RowSchema, { key: String(start + index), values: valuesOf(start + index), hash: 1n, block: '0' }),
    );
    yield { page: create(RowsPageSchema, { part: 0, columns: start === 0 ? columns : [], rows }) };
  }
}

async function readRows(count: number) {
  const rows = { readRows: () => pagesOf(count) };
  const others = { ledger: rows, portfolio: rows, exchange: rows, user: rows, notification: rows, auto: rows };
  const readers: RowReaders = { order: rows, ...others };
  const { parts } = await createStores(readers, silentLogger).read(
    'order',
    { tables: [{ table: 'orders', selection: Selection.LIVE }] },
    {},
  );
  return parts[0]?.rows ?? [];
}

describe('rows of a store', () => {
  it('have their values by column', async () => {
    const rows = await readRows(rowsPerPage + 1);
    expect(rows).toHaveLength(rowsPerPage + 1);
    const last = rows.at(-1);
    expect(last?.key).toBe(String(rowsPerPage));
    expect(Object.values(last?.values ?? {})).toEqual(valuesOf(rowsPerPage));
    expect(Object.keys(last?.values ?? {})).toEqual(columns);
  });

  it('take at most 2,000 bytes each, as a pass has those of all open orders at once', async () => {
    const count = 20_000;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const rows = await readRows(count);
    collectGarbage();
    expect((process.memoryUsage().heapUsed - before) / rows.length).toBeLessThan(2_000);
  });
});
