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
import { moveCheckpoint, readCheckpoint } from '../store/checkpoints.ts';
import { deleteSeals, readSealTotals } from '../store/seals.ts';
import { count, marketClock, type PassContext } from './context.ts';
import { placeOf } from './save-window.ts';
import { verifyBlock } from './verify-block.ts';

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
