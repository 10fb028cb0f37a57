/** The clients' records of deposits and withdrawals against the ledger's tables. */
import { type Market, openingKey } from '../traffic/open-market.ts';
import { centsOf, type Operation } from '../traffic/operations.ts';
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

const microsPerCent = 10_000n;

type TransferRow = {
  transfer_id: string;
  account_id: string;
  idempotency_key: string;
  kind: string;
  status: string;
  amount_micros: string;
};

/** Each acknowledged transfer is booked once and by its amount, and no other one is. */
export async function checkTransfersOfClients(
  stores: Stores,
  { users }: Market,
  operations: readonly Operation[],
): Promise<Finding[]> {
  const rows = await stores.read<TransferRow>(
    'ledger',
    `SELECT transfer_id, account_id, idempotency_key, kind, status, amount_micros FROM transfer WHERE account_id = ANY ($1)`,
    [users.map(({ accountId }) => accountId)],
  );
  const booked = await stores.read<{ reference: string; count: string }>(
    'ledger',
    `SELECT reference, count(*) AS count FROM entry WHERE kind = 'cash' GROUP BY reference`,
  );
  const bookings = new Map(booked.map(({ reference, count }) => [reference, Number(count)]));
  const byKey = Map.groupBy(rows, ({ account_id, idempotency_key }) => `${account_id} ${idempotency_key}`);
  const ids = new Set(rows.map(({ transfer_id }) => transfer_id));
  const strange = [...bookings.keys()].filter((reference) => !ids.has(reference));
  const found: Finding[] = strange.map((reference) => ({
    rule: 'transfer-booked-once',
    subject: `entry of ${reference}`,
    detail: 'cash without a transfer',
  }));
  found.push(...rows.flatMap((row) => checkBooking(row, bookings.get(row.transfer_id) ?? 0)));
  for (const operation of operations) {
    if (operation.kind !== 'deposit' && operation.kind !== 'withdraw') continue;
    const name = `${users[operation.user]?.accountId} ${operation.key}`;
    found.push(...checkOperation(operation, byKey.get(name) ?? []));
    byKey.delete(name);
  }
  for (const name of [...byKey.keys()].filter((key) => !key.includes(` ${openingKey}`)))
    found.push({ rule: 'transfer-was-asked-for', subject: `key ${name}`, detail: 'a transfer of no client' });
  return found;
}

function checkBooking({ transfer_id, status }: TransferRow, bookings: number): Finding[] {
  const subject = `transfer ${transfer_id}`;
  const expected = status === 'completed' ? 1 : 0;
  if (status === 'pending') return [{ rule: 'transfer-is-final', subject, detail: status }];
  if (bookings === expected) return [];
  return [{ rule: 'transfer-booked-once', subject, detail: `${status}, booked ${bookings} times` }];
}

function checkOperation({ number, kind, key, body, answers }: Operation, rows: readonly TransferRow[]): Finding[] {
  const subject = `call ${number}, key ${key}`;
  if (rows.length > 1) return [{ rule: 'key-has-one-transfer', subject, detail: `${rows.length} transfers` }];
  const [row] = rows;
  const seen = answers.flatMap((answer) => (answer.kind === 'done' && answer.transfer ? [answer.transfer] : []));
  if (seen.length === 0) {
    const isRefused = answers.length > 0;
    if (!isRefused || row === undefined || row.status !== 'completed') return [];
    return [{ rule: 'refused-transfer-is-not-booked', subject, detail: `transfer ${row.transfer_id} is completed` }];
  }
  if (row === undefined) return [{ rule: 'acknowledged-transfer-exists', subject, detail: 'there is none' }];
  const expectedKind = kind === 'deposit' ? 'deposit' : 'withdrawal';
  const isSame =
    row.kind === expectedKind && BigInt(row.amount_micros) === centsOf(String(body.amount)) * microsPerCent;
  if (!isSame)
    return [{ rule: 'acknowledged-transfer', subject, detail: `is a ${row.kind} of ${row.amount_micros} micros` }];
  const others = seen.filter(({ transferId }) => transferId !== row.transfer_id);
  if (others.length > 0)
    return [
      { rule: 'key-has-one-transfer', subject, detail: `answered ${others[0]?.transferId}, is ${row.transfer_id}` },
    ];
  const isUndone = row.status !== 'completed' && seen.some(({ status }) => status.endsWith('_COMPLETED'));
  return isUndone ? [{ rule: 'final-transfer-stays', subject, detail: `is ${row.status}` }] : [];
}
