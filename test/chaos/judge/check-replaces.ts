/** The clients' records of changes of orders against the order service's table. */
import type { Market } from '../traffic/open-market.ts';
import type { Operation } from '../traffic/operations.ts';
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

type ReplaceRow = { name: string; order_id: string; state: string };

/** Each acknowledged change was made once; one that was refused was not made; none is there that no client asked for. */
export async function checkReplacesOfClients(
  stores: Stores,
  { users }: Market,
  operations: readonly Operation[],
): Promise<Finding[]> {
  const rows = await stores.read<ReplaceRow>(
    'order',
    `SELECT account_id || ' ' || idempotency_key AS name, order_id, state FROM replaces WHERE account_id = ANY ($1)`,
    [users.map(({ accountId }) => accountId)],
  );
  const byKey = Map.groupBy(rows, ({ name }) => name);
  const found: Finding[] = [];
  for (const operation of operations.filter(({ kind }) => kind === 'replace')) {
    const name = `${users[operation.user]?.accountId} ${operation.key}`;
    found.push(...checkReplace(operation, byKey.get(name) ?? []));
    byKey.delete(name);
  }
  for (const [name] of byKey)
    found.push({ rule: 'change-was-asked-for', subject: `key ${name}`, detail: 'a change of no client' });
  return found;
}

function checkReplace({ number, key, body, answers }: Operation, rows: readonly ReplaceRow[]): Finding[] {
  const subject = `call ${number}, key ${key}`;
  const made = rows.filter(({ state }) => state === 'done');
  const isDone = answers.some(({ kind }) => kind === 'done');
  const refused = answers.find((answer) => answer.kind === 'refused');
  const found: Finding[] = [];
  const note = (rule: string, detail: string) => found.push({ rule, subject, detail });
  if (made.length > 1) note('change-is-made-once', `${made.length} changes`);
  if (rows.some(({ state }) => state === 'pending')) note('change-is-final', 'is pending');
  if (rows.some(({ order_id }) => order_id !== body.orderId)) note('change-was-asked-for', 'is of another order');
  if (isDone && made.length === 0) note('acknowledged-change', 'was not made');
  if (isDone && refused) note('answers-agree', `made, and refused ${refused.code} ${refused.reason}`);
  if (refused && !isDone && made.length > 0) note('refused-change-is-not-made', `refused ${refused.reason}, and made`);
  return found;
}
