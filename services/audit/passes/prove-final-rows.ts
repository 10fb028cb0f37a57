/** Proves of final rows what they show by themselves, before they are sealed for the first time. */
import { readByIds } from '../clients/stores.ts';
import type { SealedTable } from '../domain/audited-stores.ts';
import { compareRow, type StoredRow, valueOf } from '../domain/row.ts';
import type { PassContext } from './context.ts';
import { byKey } from './prove-events.ts';

type Prover = (context: PassContext, rows: readonly StoredRow[]) => Promise<void> | void;

const provers: Readonly<Record<string, Prover>> = {
  'ledger hold': (context, rows) => {
    // A hold that ended without a trade and without an event of the feed was released or refused.
    for (const row of rows) {
      const expected = { filled_lots: 0n, maker_value_cents: 0n, taker_value_cents: 0n, amount: 0n };
      if (valueOf(row, 'state') !== 'settled')
        compareRow(context.findings, { rule: 'released-hold-moved-nothing', place: 'ledger hold', row, expected });
    }
  },
  'order orders': async (context, rows) => {
    const refused = rows.filter((row) => valueOf(row, 'state') === 'rejected');
    for (const row of refused) {
      const expected = { filled_lots: 0n, maker_value_cents: 0n, taker_value_cents: 0n, fee_cents: 0n };
      compareRow(context.findings, { rule: 'rejected-order-moved-nothing', place: 'order orders', row, expected });
    }
    for (const row of rows) {
      if (valueOf(row, 'state') === 'rejected') continue;
      const found = `${valueOf(row, 'state')} at ${valueOf(row, 'final_position')}`;
      const expected = 'an end that the feed has told of';
      context.findings.add({ rule: 'order-follows-the-feed', subject: `order orders ${row.key}`, expected, found });
    }
  },
  'order fills': (context, rows) => {
    for (const row of rows) {
      const found = `${valueOf(row, 'lots')} lots`;
      context.findings.add({ rule: 'fill-has-its-trade', subject: `order fills ${row.key}`, expected: 'none', found });
    }
  },
  'ledger transfer': proveTransfers,
  'notification message': proveMessages,
};

/** Proves rows that are sealed for the first time, where more than the feeds is known of them. */
export async function proveFinalRows(
  context: PassContext,
  { store, table }: SealedTable,
  rows: readonly StoredRow[],
): Promise<void> {
  if (rows.length > 0) await provers[`${store} ${table}`]?.(context, rows);
}

/** A completed transfer has its entry. */
async function proveTransfers(context: PassContext, rows: readonly StoredRow[]): Promise<void> {
  const { stores, callOptions, findings } = context;
  const completed = rows.filter((row) => valueOf(row, 'status') === 'completed');
  const ids = completed.map(({ key }) => key);
  const entries = await readByIds(stores, { store: 'ledger', table: 'cash_entry', ids }, callOptions);
  const booked = new Set(entries.map((row) => valueOf(row, 'reference')));
  for (const { key } of completed) {
    if (booked.has(key)) continue;
    findings.add({
      rule: 'transfer-has-its-entry',
      subject: `ledger transfer ${key}`,
      expected: 'an entry',
      found: 'none',
    });
  }
}

const inboxRetentionMs = 20 * 3_600_000;

/** A message is of an event that came, and says what no other message says of the same event. */
async function proveMessages(context: PassContext, rows: readonly StoredRow[]): Promise<void> {
  const { stores, callOptions, findings, nowMs } = context;
  const recent = rows.filter((row) => nowMs() - Number(valueOf(row, 'create_time_ms')) < inboxRetentionMs);
  const ids = [...new Set(recent.map((row) => valueOf(row, 'fact_id')))];
  const inbox = await readByIds(stores, { store: 'notification', table: 'inbox', ids }, callOptions);
  const received = new Set(inbox.map((row) => valueOf(row, 'event_id')));
  const seen = new Map<string, StoredRow>();
  for (const [key, row] of byKey(recent)) {
    const fact = valueOf(row, 'fact_id');
    const subject = `notification message ${key}`;
    if (!received.has(fact)) {
      findings.add({
        rule: 'message-has-its-event',
        subject,
        expected: 'an event that was received',
        found: `fact ${fact}`,
      });
    } else if (seen.has(fact)) {
      findings.add({
        rule: 'event-is-told-once',
        subject,
        expected: 'one message',
        found: `another one of fact ${fact}`,
      });
    }
    seen.set(fact, row);
  }
}
