/** Rows that were sealed and are gone by rule: which may go, and what is remembered of a block without them. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { SealedTable } from '../domain/audited-stores.ts';
import { numberOf, type StoredRow } from '../domain/row.ts';
import { readCheckpoint } from '../store/checkpoints.ts';
import { deleteSeals } from '../store/seals.ts';
import type { PassContext } from './context.ts';
import { feedOf } from './read-cut.ts';
import { placeOf, saveSeals } from './save-window.ts';

/** Whether a row of a table may be gone, by its key. To be asked for after the rows were read: what went before then, went by this rule. */
export async function readGoneRule(context: PassContext, table: SealedTable): Promise<(key: string) => boolean> {
  const { store, table: name, mayGo = false } = table;
  if (store !== 'exchange' || name !== 'journal') return () => mayGo;
  const { stores, findings, callOptions } = context;
  const tables = [{ table: 'journal_start', selection: Selection.ALL }];
  const { parts } = await stores.read('exchange', { tables }, callOptions);
  const starts = new Map<string, bigint>();
  for (const row of parts[0]?.rows ?? []) {
    starts.set(row.key, numberOf(row, 'group_number'));
    const { position } = await readCheckpoint(context.db, feedOf(Number(row.key)));
    if (numberOf(row, 'sequence') <= position) continue;
    const found = `it begins after ${numberOf(row, 'sequence')}`;
    const subject = `exchange journal_start ${row.key}`;
    findings.add({
      rule: 'journal-has-what-is-not-proved',
      subject,
      expected: `at most ${position}, as proved`,
      found,
    });
  }
  return (key) => {
    const [shard = '', group = '0'] = key.split('/');
    return BigInt(group) < (starts.get(shard) ?? 0n);
  };
}

/** Remembers of a block what is left of it, so that what is gone is not looked for again. Nothing changes while something is wrong. */
export async function sealAnew(
  { db, findings }: PassContext,
  table: SealedTable,
  { block, rows }: { block: string; rows: readonly StoredRow[] },
): Promise<void> {
  if (findings.count > 0) return;
  await db.transaction(async (tx) => {
    await deleteSeals(tx, placeOf(table), [block]);
    await saveSeals(tx, [{ store: table.store, table: table.table, rows }]);
  });
}
