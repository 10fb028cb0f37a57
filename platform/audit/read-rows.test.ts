import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RowsPageSchema, RowsQuerySchema, Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { type AuditedTables, blocksOfSequence } from './audited-table.ts';
import { readRows } from './read-rows.ts';

const tables = {
  thing: {
    from: 'thing',
    key: 'sequence',
    keyColumns: ['sequence'],
    columns: ['name', 'upper(name) AS shouted'],
    final: 'done',
    ...blocksOfSequence('sequence'),
    live: 'NOT done',
    ids: 'name = ANY($1::text[])',
  },
  named: {
    from: 'named',
    key: 'id',
    keyColumns: ['id'],
    columns: [],
    ids: 'id = ANY($1::text[]::uuid[])',
  },
} satisfies AuditedTables;

const id = '01a22cfc-54a2-78b1-957e-58111b9a165a';

let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await migratePlatform(db, { signal: new AbortController().signal, logger: silentLogger });
  await db.query('CREATE TABLE thing (sequence bigint PRIMARY KEY, name text, done boolean)');
  await db.query(`INSERT INTO thing SELECT n, 'n' || n, n % 2 = 0 FROM generate_series(1, 1200) AS n`);
  await db.query(`CREATE TABLE named AS SELECT '${id}'::uuid AS id`);
  await db.query(`INSERT INTO platform.feed_position (name, sequence, epoch) VALUES ('exchange.0', 7, 'e')`);
});
afterAll(() => db?.[Symbol.asyncDispose]());

type Query = MessageInitShape<typeof RowsQuerySchema>;

async function read(
  query: Query,
  deadlineTimeMs = Date.now() + 60_000,
): Promise<MessageInitShape<typeof RowsPageSchema>[]> {
  const pages: MessageInitShape<typeof RowsPageSchema>[] = [];
  const { signal } = new AbortController();
  for await (const { page } of readRows(db, tables, create(RowsQuerySchema, query), { signal, deadlineTimeMs }))
    pages.push(page);
  return pages;
}

const rowsOf = async (part: NonNullable<Query['tables']>[number]) =>
  (await read({ tables: [part] })).flatMap(({ rows = [] }) => rows);

describe('readRows', () => {
  it('sends each part in pages, with its columns first and the state of the feeds before all', async () => {
    const [first, second, third] = await read({ tables: [{ table: 'thing', selection: Selection.ALL }] });
    expect(first).toMatchObject({
      columns: ['name', 'shouted'],
      feeds: { 'exchange.0': { sequence: 7n, epoch: 'e' } },
    });
    expect(first?.rows?.[0]).toMatchObject({ key: '1', values: ['n1', 'N1'], block: '0' });
    expect([first, second, third].map((page) => page?.rows?.length)).toEqual([500, 500, 200]);
  });

  it('sends what is live, what has ids, what lies in a range, and what is final in a block', async () => {
    expect(await rowsOf({ table: 'thing', selection: Selection.LIVE })).toHaveLength(600);
    expect(await rowsOf({ table: 'thing', selection: Selection.IDS, ids: ['n3', 'n9999'] })).toMatchObject([
      { key: '3' },
    ]);
    const range = await rowsOf({ table: 'thing', selection: Selection.RANGE, after: 4n, upTo: 6n });
    expect(range.map(({ key }) => key)).toEqual(['5', '6']);
    expect(await rowsOf({ table: 'thing', selection: Selection.BLOCK, ids: ['1'] })).toHaveLength(101);
  });

  it('finds nothing under an id that cannot be one, as a damaged fact names it, and the others all the same', async () => {
    const ids = [id, `Z${id.slice(1)}`, '', 'n3'];
    expect(await rowsOf({ table: 'named', selection: Selection.IDS, ids })).toMatchObject([{ key: id }]);
  });

  it('sends keys and hashes of a block without the values', async () => {
    const whole = await rowsOf({ table: 'thing', selection: Selection.BLOCK, ids: ['1'] });
    const bare = await rowsOf({ table: 'thing', selection: Selection.BLOCK_HASHES, ids: ['1'] });
    expect(bare).toEqual(whole.map((row) => ({ ...row, values: [] })));
  });

  it('has a digest for each block: number and exclusive or of the hashes of its final rows', async () => {
    const rows = await rowsOf({ table: 'thing', selection: Selection.BLOCK, ids: ['1'] });
    const pages = await read({ tables: [{ table: 'thing', selection: Selection.DIGESTS }] });
    const digest = BigInt.asIntN(
      64,
      rows.reduce((sum, { hash = 0n }) => sum ^ hash, 0n),
    );
    expect(pages.flatMap(({ digests = [] }) => digests)).toContainEqual({ block: '1', rows: 101n, digest });
  });

  it('refuses what the service does not have', async () => {
    const refused = { code: Code.INVALID_ARGUMENT };
    await expect(read({ tables: [] })).rejects.toMatchObject(refused);
    await expect(read({ tables: [{ table: 'secret', selection: Selection.ALL }] })).rejects.toMatchObject(refused);
    await expect(read({ tables: [{ table: 'thing' }] })).rejects.toMatchObject(refused);
  });

  it('fails when a position is not reached in time', async () => {
    const tables = [{ table: 'thing', selection: Selection.LIVE }];
    expect(await read({ tables, minPositions: { 'exchange.0': 7n } })).not.toEqual([]);
    const late = read({ tables, minPositions: { 'exchange.0': 8n } }, Date.now() + 600);
    await expect(late).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });
});
