/** The events of the PostgreSQL bus: each fact is published once, and has passed the inbox of each queue that takes it. */
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

type QueueRow = { name: string; types: string[]; behind: string };

/** Which event reports which rows, as texts of the same form: each fill, each completed transfer. */
const facts: readonly { store: string; type: string; rows: string }[] = [
  { store: 'order', type: 'outcry.order.v1.OrderFilled', rows: 'SELECT count(*) AS count FROM fills' },
  {
    store: 'order',
    type: 'outcry.order.v1.OrderEnded',
    rows: `SELECT count(*) AS count FROM orders WHERE state = 'cancelled'`,
  },
  {
    store: 'ledger',
    type: 'outcry.ledger.v1.DepositCompleted',
    rows: `SELECT count(*) AS count FROM transfer WHERE status = 'completed' AND kind = 'deposit'`,
  },
  {
    store: 'ledger',
    type: 'outcry.ledger.v1.WithdrawalCompleted',
    rows: `SELECT count(*) AS count FROM transfer WHERE status = 'completed' AND kind = 'withdrawal'`,
  },
];

/** Compares the log of the bus with the tables of those who publish and those who react. */
export async function checkBus(stores: Stores): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { store, type, rows } of facts) {
    const expected = Number((await stores.read<{ count: string }>(store, rows))[0]?.count ?? 0);
    const [log] = await stores.read<{ count: string }>(
      'bus',
      'SELECT count(DISTINCT id) AS count FROM bus.log WHERE type = $1',
      [type],
    );
    const published = Number(log?.count ?? 0);
    const isLost = type.endsWith('OrderEnded') ? published < expected : published !== expected;
    if (isLost)
      found.push({ rule: 'fact-is-published-once', subject: type, detail: `${expected} facts, ${published} events` });
  }
  const queues = await stores.read<QueueRow>('bus', 'SELECT name, types, 0 AS behind FROM bus.queue');
  for (const queue of queues) found.push(...(await checkInbox(stores, queue)));
  const dead = await stores.read<{ queue: string; count: string; error: string }>(
    'bus',
    `SELECT queue, count(*) AS count, min(last_error) AS error FROM bus.retry WHERE dead_time IS NOT NULL GROUP BY queue`,
  );
  const letters = dead.map(({ queue, count, error }) => ({
    subject: queue,
    detail: `${count} dead letters: ${error}`,
  }));
  return [...found, ...letters.map((letter) => ({ rule: 'no-dead-letters', ...letter }))];
}

async function checkInbox(stores: Stores, { name, types }: QueueRow): Promise<Finding[]> {
  const [store = ''] = name.split('.');
  const log = await stores.read<{ id: string }>('bus', 'SELECT id FROM bus.log WHERE type = ANY ($1)', [types]);
  const inbox = await stores.read<{ event_id: string }>(store, 'SELECT event_id FROM platform.inbox WHERE queue = $1', [
    name,
  ]);
  const received = new Set(inbox.map(({ event_id }) => event_id));
  const missing = log.filter(({ id }) => !received.has(id));
  if (missing.length === 0) return [];
  const detail = `${missing.length} of ${log.length} events have not passed its inbox`;
  return [{ rule: 'event-passed-the-inbox', subject: name, detail }];
}
