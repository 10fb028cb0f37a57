/** Proves that final rows are what they were when they were sealed, and seals those that have become final since. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import {
  blockName,
  closedBlock,
  isBefore,
  openBlock,
  type SealedTable,
  sealedTables,
} from '../domain/audited-stores.ts';
import type { StoredRow } from '../domain/row.ts';
import { compareBlock, digestOf, sealedHashes, totalOf } from '../domain/seal.ts';
import { moveCheckpoint, readCheckpoint } from '../store/checkpoints.ts';
import { deleteSeals, readSeals, readSealTotals } from '../store/seals.ts';
import { count, marketClock, type PassContext } from './context.ts';
import { readGoneRule, sealAnew } from './gone-rows.ts';
import { checkPostings, readFacts } from './prove-entries.ts';
import { proveFinalRows } from './prove-final-rows.ts';
import { placeOf, saveSeals } from './save-window.ts';

/** Blocks that a light pass seals of one table; what is left is for the next. */
const lightBlocksMax = 10;

/** The blocks of tables by time that have closed since the last pass are sealed. */
export async function sealClosedBlocks(context: PassContext): Promise<void> {
  for (const table of sealedTables) {
    const { blocks } = table;
    if (blocks === 'sequence') continue;
    const nowMs = table.isMarketTime ? marketClock(context).nowMs() : context.nowMs();
    const name = `sealed ${placeOf(table)}`;
    const last = closedBlock(blocks, nowMs);
    const { position } = await readCheckpoint(context.db, name);
    // What lies before the first pass of all is for the full ones.
    const from = position === 0n ? last - lightBlocksMax : Number(position) + 1;
    // Open ones too: what a row was is known a minute after it became final, and not only when its block has closed.
    const to = Math.min(openBlock(blocks, nowMs), from + lightBlocksMax);
    for (let block = from; block <= to; block += 1) {
      await verifyBlock(context, table, { block: blockName(blocks, block), isClosed: false });
    }
    const closed = BigInt(Math.min(to, last));
    // What was not sealed, as something else is wrong, is looked at again.
    if (closed <= position || context.findings.count > 0) continue;
    await context.db.transaction((tx) => moveCheckpoint(tx, name, position, { position: closed, detail: '' }));
  }
}

/** Compares the digests of all blocks of all tables, and the rows of those that differ. */
export async function verifyAllSeals(context: PassContext): Promise<void> {
  for (const table of sealedTables) await verifyTable(context, table);
}

async function verifyTable(context: PassContext, table: SealedTable): Promise<void> {
  const { db, stores, callOptions } = context;
  const place = placeOf(table);
  // What is sealed by the feeds is read first: what comes meanwhile is no difference.
  const sealed = await readSealTotals(db, place);
  const tables = [{ table: table.table, selection: Selection.DIGESTS }];
  const { parts } = await stores.read(table.store, { tables }, callOptions);
  const { digests = [], oldestBlock = '' } = parts[0] ?? {};
  const closed = await readClosedBlock(context, table);
  const differing: string[] = [];
  let rows = 0;
  for (const { block, rows: found, digest } of digests) {
    rows += Number(found);
    const total = sealed.get(block);
    sealed.delete(block);
    if (total?.rows !== found || total.digest !== digest) differing.push(block);
  }
  count(context, 'sealed_rows', rows);
  const expired = [...sealed.keys()].filter((block) => oldestBlock !== '' && isBefore(block, oldestBlock));
  await db.transaction((tx) => deleteSeals(tx, place, expired));
  const gone = [...sealed.keys()].filter((block) => !expired.includes(block));
  for (const block of [...differing, ...gone]) {
    const isClosed = closed !== undefined && !isBefore(closed, block);
    await verifyBlock(context, table, { block, oldestBlock, isClosed });
  }
}

/** The last block of a table by times of which all rows were sealed. */
async function readClosedBlock({ db }: PassContext, table: SealedTable): Promise<string | undefined> {
  if (table.blocks === 'sequence') return undefined;
  const { position } = await readCheckpoint(db, `sealed ${placeOf(table)}`);
  return blockName(table.blocks, Number(position));
}

/** Compares the rows of a block with its seals, names those that differ, and seals those that are new. */
async function verifyBlock(
  context: PassContext,
  table: SealedTable,
  { block, isClosed, oldestBlock = '' }: { block: string; isClosed: boolean; oldestBlock?: string },
): Promise<void> {
  const { db, stores, callOptions } = context;
  const tables = [{ table: table.table, selection: Selection.BLOCK, ids: [block] }];
  const { parts } = await stores.read(table.store, { tables }, callOptions);
  const rows = parts[0]?.rows ?? [];
  const seals = await readSeals(db, placeOf(table), block);
  if (table.digestOnly) return verifyDigest(context, { block, rows, total: totalOf(seals) });
  // What is beyond the checkpoint is for the next pass.
  const proved = table.sequence === undefined ? undefined : (await readCheckpoint(db, 'ledger')).position;
  const isExpiring = oldestBlock !== '' && isBefore(block, oldestBlock);
  const differences = compareBlock(sealedHashes(seals), rows);
  const gone = differences.filter(({ kind }) => kind === 'gone' && !isExpiring);
  const mayGo = gone.length === 0 ? undefined : await readGoneRule(context, table);
  for (const { key, kind } of differences) {
    if (kind === 'changed' || (kind === 'gone' && mayGo?.(key) === false)) addDifference(context, table, { key, kind });
  }
  const newKeys = new Set(differences.filter(({ kind }) => kind === 'new').map(({ key }) => key));
  if (gone.length > 0) await sealAnew(context, table, { block, rows: rows.filter(({ key }) => !newKeys.has(key)) });
  const isProved = (row: StoredRow) => proved === undefined || sequenceOf(table, row) <= proved;
  const fresh = rows.filter((row) => newKeys.has(row.key) && isProved(row));
  await sealFresh(context, table, { block, fresh, isSealed: seals.length > 0 && isClosed });
}

function sequenceOf({ sequence }: SealedTable, { key }: StoredRow): bigint {
  return BigInt((sequence === 'after-slash' ? key.split('/')[1] : key) ?? 0);
}

function addDifference(
  { findings }: PassContext,
  table: SealedTable,
  { key, kind }: { key: string; kind: 'changed' | 'gone' },
): void {
  const found = kind === 'changed' ? 'another row under its key' : 'none';
  const expected = 'the row as it was proved';
  findings.add({ rule: 'final-row-never-changes', subject: `${placeOf(table)} ${key}`, expected, found });
}

async function sealFresh(
  context: PassContext,
  table: SealedTable,
  { block, fresh, isSealed }: { block: string; fresh: StoredRow[]; isSealed: boolean },
): Promise<void> {
  if (fresh.length === 0) return;
  // Tables with a sequence are sealed as their rows are proved: one that is not, came behind the proof.
  const isLate = table.blocks === 'sequence' ? table.mayAppear !== true : isSealed && table.mayAppear !== true;
  if (isLate) {
    for (const { key } of fresh) {
      const subject = `${placeOf(table)} ${key}`;
      context.findings.add({ rule: 'no-row-comes-late', subject, expected: `none in block ${block}`, found: 'a row' });
    }
    return;
  }
  const rows = await proveFinalRows(context, table, fresh);
  // A row that is wrong may look final: it is sealed by a pass that finds nothing.
  if (context.findings.count > 0) return;
  await context.db.transaction((tx) => saveSeals(tx, [{ store: table.store, table: table.table, rows }]));
}

/** The postings of a block are compared with their entries, and the block is named when each of them fits. */
async function verifyDigest(
  context: PassContext,
  { block, rows, total }: { block: string; rows: StoredRow[]; total: { rows: number; digest: bigint } },
): Promise<void> {
  const { findings, stores, callOptions } = context;
  const last = BigInt((await readCheckpoint(context.db, 'ledger')).position);
  const proved = rows.filter(({ values }) => BigInt(values.sequence ?? 0) <= last);
  if (proved.length === total.rows && digestOf(proved.map(({ hash }) => hash)) === total.digest) return;
  const before = findings.count;
  const after = BigInt(block) * 1_000n - 1n;
  const upTo = after + 1_000n < last ? after + 1_000n : last;
  const tables = [{ table: 'entry', selection: Selection.RANGE, after: after < 0n ? 0n : after, upTo }];
  const { parts } = await stores.read('ledger', { tables }, callOptions);
  const range = { after: after < 0n ? 0n : after, upTo };
  checkPostings(context, readFacts(context, parts[0]?.rows ?? [], range), proved);
  if (findings.count > before) return;
  const expected = `${total.rows} postings as they were proved`;
  findings.add({
    rule: 'final-row-never-changes',
    subject: `ledger posting block ${block}`,
    expected,
    found: `${proved.length}`,
  });
}
