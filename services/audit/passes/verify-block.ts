/** Compares the final rows of one block with what was sealed of it. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { isBefore, type SealedTable } from '../domain/audited-stores.ts';
import type { StoredRow } from '../domain/row.ts';
import { compareBlock, digestOf, sealedHashes, totalOf } from '../domain/seal.ts';
import { readCheckpoint } from '../store/checkpoints.ts';
import { readSeals } from '../store/seals.ts';
import type { PassContext } from './context.ts';
import { readGoneRule, sealAnew } from './gone-rows.ts';
import { checkPostings, readFacts } from './prove-entries.ts';
import { proveFinalRows } from './prove-final-rows.ts';
import { placeOf, saveSeals } from './save-window.ts';

/** Rows whose values are read, proved and sealed at once: a block of a busy minute has tens of thousands. */
const rowsPerStep = 5_000;

/** Compares the rows of a block with its seals, names those that differ, and seals those that are new. */
export async function verifyBlock(
  context: PassContext,
  table: SealedTable,
  { block, isClosed, oldestBlock = '' }: { block: string; isClosed: boolean; oldestBlock?: string },
): Promise<void> {
  const { db, stores, callOptions } = context;
  const selection = table.digestOnly ? Selection.BLOCK : Selection.BLOCK_HASHES;
  const tables = [{ table: table.table, selection, ids: [block] }];
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
  const isLate = (table.blocks === 'sequence' || isSealed) && table.mayAppear !== true;
  if (isLate && table.isProvedWhenLate !== true) {
    for (const { key } of fresh) {
      const subject = `${placeOf(table)} ${key}`;
      context.findings.add({ rule: 'no-row-comes-late', subject, expected: `none in block ${block}`, found: 'a row' });
    }
    return;
  }
  for (let at = 0; at < fresh.length; at += rowsPerStep) {
    const step = { fresh: fresh.slice(at, at + rowsPerStep), isLate };
    const rows = await proveFinalRows(context, table, step);
    // A row that is wrong may look final: it is sealed by a pass that finds nothing.
    if (context.findings.count > 0) continue;
    await context.db.transaction((tx) => saveSeals(tx, [{ store: table.store, table: table.table, rows }]));
  }
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
