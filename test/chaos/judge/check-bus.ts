/** The events of the bus: each fact is published once, and has passed the inbox of each queue that takes it. */
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

/** What a bus has carried in a run. Events may be there more than once, by their ids. */
export type BusContents = {
  events: readonly { id: string; type: string }[];
  queues: readonly { name: string; types: readonly string[] }[];
  dead: readonly { queue: string; count: number; error: string }[];
};

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
  {
    store: 'ledger',
    type: 'outcry.ledger.v1.AdjustmentCompleted',
    rows: 'SELECT count(*) AS count FROM adjustment',
  },
];

/** Compares what the bus has carried with the tables of those who publish and those who react. */
export async function checkBus(stores: Stores, contents: BusContents): Promise<Finding[]> {
  const found: Finding[] = [];
  const ids = Map.groupBy(contents.events, ({ type }) => type);
  for (const { store, type, rows } of facts) {
    const expected = Number((await stores.read<{ count: string }>(store, rows))[0]?.count ?? 0);
    const published = new Set(ids.get(type)?.map(({ id }) => id)).size;
    const isLost = type.endsWith('OrderEnded') ? published < expected : published !== expected;
    if (isLost)
      found.push({ rule: 'fact-is-published-once', subject: type, detail: `${expected} facts, ${published} events` });
  }
  const letters = contents.dead.map(({ queue, count, error }) => ({
    rule: 'no-dead-letters',
    subject: queue,
    detail: `${count} dead letters: ${error}`,
  }));
  return [...found, ...(await findUnhandled(stores, contents)), ...letters];
}

/** Queues with events that have not passed their inbox. */
export async function findUnhandled(stores: Stores, { queues, events }: BusContents): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { name, types } of queues) {
    const [store = ''] = name.split('.');
    const taken = new Set(events.filter(({ type }) => types.includes(type)).map(({ id }) => id));
    const inbox = await stores.read<{ event_id: string }>(
      store,
      'SELECT event_id FROM platform.inbox WHERE queue = $1',
      [name],
    );
    const missing = taken.difference(new Set(inbox.map(({ event_id }) => event_id))).size;
    const detail = `${missing} of ${taken.size} events have not passed its inbox`;
    if (missing > 0) found.push({ rule: 'event-passed-the-inbox', subject: name, detail });
  }
  return found;
}
