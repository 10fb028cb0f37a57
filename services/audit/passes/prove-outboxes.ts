/** Proves that the events which wait for the bus say what was committed with them. That none is missing is proved with what happened. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { readByIds } from '../clients/stores.ts';
import { type Claim, claimable, type OutboxEvent } from '../domain/outbox-event.ts';
import { type StoredRow, textOf } from '../domain/row.ts';
import { toOutboxEvent } from '../rpc/messages/outbox-event.ts';
import { byKey } from './by-key.ts';
import { count, type PassContext } from './context.ts';

type Waiting = { row: StoredRow; event: OutboxEvent };

/** The stores whose events are compared with their rows. */
type Publisher = 'ledger' | 'order' | 'auto';

/** Compares the next 10,000 events of each outbox with the orders, fills, transfers and runs that they are about. */
export async function proveOutboxes(context: PassContext): Promise<void> {
  for (const store of ['ledger', 'order', 'auto'] as const) await proveOutbox(context, store);
}

async function proveOutbox(context: PassContext, store: Publisher): Promise<void> {
  const { stores, findings, callOptions } = context;
  const tables = [{ table: 'outbox', selection: Selection.ALL }];
  const { parts } = await stores.read(store, { tables }, callOptions);
  const rows = parts[0]?.rows ?? [];
  count(context, 'events_waiting', rows.length);
  const waiting: Waiting[] = [];
  for (const row of rows) {
    const event = toOutboxEvent(textOf(row, 'type'), textOf(row, 'payload'));
    if (event !== undefined) waiting.push({ row, event });
    else {
      const [expected, found] = [`an event of the ${store} service`, `bytes that are no ${textOf(row, 'type')}`];
      findings.add({ rule: 'outbox-has-an-event', subject: `${store} outbox ${row.key}`, expected, found });
    }
  }
  const stored = await readClaimed(context, store, waiting);
  for (const one of waiting) checkEvent(context, store, one, stored);
}

/** The rows that events are about, by table and key: read after the events, so that what they report is committed. */
async function readClaimed(
  { stores, callOptions }: PassContext,
  store: Publisher,
  waiting: readonly Waiting[],
): Promise<Map<string, StoredRow>> {
  const rows = new Map<string, StoredRow>();
  const byTable = Map.groupBy(
    waiting.flatMap(({ event }) => event.claims),
    ({ table }) => table,
  );
  for (const [table, claims] of byTable) {
    // Fills are read by their orders.
    const ids = [...new Set(claims.map(({ key }) => key.split('/')[0] ?? ''))];
    const found = byKey(await readByIds(stores, { store, table, ids }, callOptions));
    for (const { key } of claims) {
      const row = found.get(key);
      if (row !== undefined) rows.set(`${table} ${key}`, row);
    }
  }
  return rows;
}

function checkEvent(
  { findings }: PassContext,
  store: Publisher,
  { row, event: { accountId, claims } }: Waiting,
  stored: ReadonlyMap<string, StoredRow>,
): void {
  const subject = `${store} outbox ${row.key}`;
  const rule = 'outbox-event-is-true';
  const key = textOf(row, 'key');
  if (accountId !== undefined && key !== accountId) {
    findings.add({ rule, subject, expected: `key ${accountId}`, found: `key ${key}` });
  }
  for (const claim of claims) {
    const wrong = differences(claim, stored.get(`${claim.table} ${claim.key}`));
    if (wrong.length === 0) continue;
    const place = `${claim.table} ${claim.key}`;
    const [expected, found] = [wrong.map((one) => one.expected), wrong.map((one) => one.found)];
    findings.add({ rule, subject, expected: `${place}: ${expected.join(', ')}`, found: found.join(', ') });
  }
}

/** What the stored row has, and what the event says, where they differ. */
function differences(claim: Claim, row: StoredRow | undefined): { expected: string; found: string }[] {
  if (row === undefined) return [{ expected: 'no event', found: 'an event of it' }];
  const values = claimable(claim, row);
  return Object.entries(claim.values).flatMap(([name, said]) =>
    String(values[name] ?? '') === String(said)
      ? []
      : [{ expected: `${name} ${values[name] ?? ''}`, found: `${name} ${said}` }],
  );
}
