/** Proves of final rows what they show by themselves, before they are sealed for the first time. */
import { readByIds } from '../clients/stores.ts';
import type { SealedTable } from '../domain/audited-stores.ts';
import { compareRow, numberOf, type StoredRow, textOf } from '../domain/row.ts';
import { readCheckpoint } from '../store/checkpoints.ts';
import { byKey } from './by-key.ts';
import type { PassContext } from './context.ts';
import { toNotification } from './expected-message.ts';
import { isLookedFor } from './message-age.ts';
import { endedByItsOwnService, wasEndedByItsOwnService } from './order-messages.ts';
import { proveCommands } from './prove-adjustments.ts';
import { proveMessages } from './prove-messages.ts';
import { feedOf } from './read-cut.ts';

/** Compares rows with their values, and returns those that may be sealed. */
type Prover = (context: PassContext, rows: readonly StoredRow[], isLate: boolean) => Promise<readonly StoredRow[]>;

const provers: Readonly<Record<string, Prover>> = {
  'ledger hold': proveHolds,
  'order orders': proveOrders,
  'order fills': proveFills,
  'ledger transfer': proveTransfers,
  'ledger adjustment': proveCommands,
  'notification message': proveReceived,
};

/**
 * Proves rows that are new to the seals, and returns those that may be sealed now. The others are proved with the feed. The values of those
 * that are to be proved are read here: `fresh` may have none. `isLate`: others of their block were sealed long before.
 */
export async function proveFinalRows(
  context: PassContext,
  { store, table }: SealedTable,
  { fresh, isLate }: { fresh: readonly StoredRow[]; isLate: boolean },
): Promise<readonly StoredRow[]> {
  const prove = provers[`${store} ${table}`];
  if (prove === undefined || fresh.length === 0) return fresh;
  const keys = new Set(fresh.map(({ key }) => key));
  const ids = [...new Set(fresh.map(({ key }) => key.split('/')[0] ?? ''))];
  const rows = await readByIds(context.stores, { store, table, ids }, context.callOptions);
  return prove(
    context,
    rows.filter(({ key }) => keys.has(key)),
    isLate,
  );
}

/** Whether the feeds were proved up to what a row says in a column; what comes later is proved with them. */
async function readPositions(
  { db, shards }: PassContext,
  column = 'final_position',
): Promise<(row: StoredRow) => boolean> {
  const positions = new Map<string, bigint>();
  for (const shard of shards) positions.set(String(shard), (await readCheckpoint(db, feedOf(shard))).position);
  return (row) => numberOf(row, column) <= (positions.get(textOf(row, 'shard')) ?? 0n);
}

const untouched = { filled_lots: 0n, maker_value_micros: 0n, taker_value_micros: 0n };

/** A hold that was released or refused has moved nothing, and neither has its order. */
async function proveHolds(context: PassContext, rows: readonly StoredRow[]): Promise<readonly StoredRow[]> {
  const { findings, stores, callOptions } = context;
  const ids = rows.map(({ key }) => key);
  const orders = byKey(await readByIds(stores, { store: 'order', table: 'orders', ids }, callOptions));
  const isProved = await readPositions(context);
  return rows.filter((row) => {
    const order = orders.get(row.key);
    if (textOf(row, 'state') !== 'settled') {
      const expected = { ...untouched, amount: 0n };
      return compareRow(findings, { rule: 'released-hold-moved-nothing', place: 'ledger hold', row, expected });
    }
    const hasEnded = order !== undefined && textOf(order, 'final_position') !== '';
    if (!hasEnded || !isProved(order)) return false;
    const expected = 'what was proved when its order ended';
    findings.add({ rule: 'no-row-comes-late', subject: `ledger hold ${row.key}`, expected, found: 'another row' });
    return false;
  });
}

/** An order that no event has ended was refused, or compensated before it was open. */
async function proveOrders(context: PassContext, rows: readonly StoredRow[]): Promise<readonly StoredRow[]> {
  const { findings } = context;
  const isProved = await readPositions(context);
  const refused = rows.filter(wasEndedByItsOwnService);
  const expected = refused.map(endedByItsOwnService).filter(({ timeMs }) => isLookedFor(context, timeMs, 'market'));
  await proveMessages(context, toNotification('order'), expected);
  return rows.filter((row) => {
    if (textOf(row, 'final_position') !== '' && !isProved(row)) return false;
    if (textOf(row, 'state') === 'rejected') {
      const expected = { ...untouched, fee_micros: 0n, accepted_position: '' };
      return compareRow(findings, { rule: 'rejected-order-moved-nothing', place: 'order orders', row, expected });
    }
    const found = `${textOf(row, 'state')} at ${textOf(row, 'final_position')}`;
    const expected = 'an end that is in the feed';
    findings.add({ rule: 'order-follows-the-feed', subject: `order orders ${row.key}`, expected, found });
    return false;
  });
}

/** Fills are proved with their trades. */
async function proveFills(context: PassContext, rows: readonly StoredRow[]): Promise<readonly StoredRow[]> {
  const isProved = await readPositions(context, 'feed_sequence');
  for (const row of rows) {
    if (!isProved(row)) continue;
    const found = `${textOf(row, 'lots')} lots`;
    context.findings.add({ rule: 'fill-has-its-trade', subject: `order fills ${row.key}`, expected: 'none', found });
  }
  return [];
}

/** A completed transfer has its entry. */
async function proveTransfers(context: PassContext, rows: readonly StoredRow[]): Promise<readonly StoredRow[]> {
  const { stores, callOptions, findings } = context;
  const completed = rows.filter((row) => textOf(row, 'status') === 'completed');
  const ids = completed.map(({ key }) => key);
  const entries = await readByIds(stores, { store: 'ledger', table: 'cash_entry', ids }, callOptions);
  const booked = new Set(entries.map((row) => textOf(row, 'reference')));
  return rows.filter((row) => {
    if (textOf(row, 'status') !== 'completed' || booked.has(row.key)) return true;
    const subject = `ledger transfer ${row.key}`;
    findings.add({ rule: 'transfer-has-its-entry', subject, expected: 'an entry', found: 'none' });
    return false;
  });
}

const inboxRetentionMs = 20 * 3_600_000;

/**
 * A message is of an event that came, and is the only one of that event. Its id has the time of the event, which comes late where the bus was
 * away: then it is among those that came lately.
 */
async function proveReceived(
  context: PassContext,
  rows: readonly StoredRow[],
  isLate: boolean,
): Promise<readonly StoredRow[]> {
  const { stores, callOptions, findings, nowMs } = context;
  const isRecent = (row: StoredRow) => nowMs() - Number(textOf(row, 'create_time_ms')) < inboxRetentionMs;
  const ids = [...new Set(rows.map((row) => textOf(row, 'fact_id')))];
  const read = (table: string) => readByIds(stores, { store: 'notification', table, ids }, callOptions);
  const received = new Set((await read('inbox')).map((row) => textOf(row, 'event_id')));
  const ofFact = Map.groupBy(await read('message_of_fact'), (row) => textOf(row, 'fact_id'));
  return rows.filter((row) => {
    const fact = textOf(row, 'fact_id');
    const subject = `notification message ${row.key}`;
    const isKnown = received.has(fact) || (!isLate && !isRecent(row));
    const isOnly = (ofFact.get(fact)?.length ?? 0) <= 1;
    if (!isKnown) {
      const expected = 'an event that was received';
      findings.add({ rule: 'message-has-its-event', subject, expected, found: `fact ${fact}` });
    } else if (!isOnly) {
      const texts = { expected: 'one message', found: `another of fact ${fact}` };
      findings.add({ rule: 'event-has-one-message', subject, ...texts });
    }
    return isKnown && isOnly;
  });
}
