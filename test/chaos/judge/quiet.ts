/** When everything that a run has begun is done. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import { isReady } from '../faults/victims.ts';
import { isOnBroker, readBus } from './bus-contents.ts';
import { findUnhandled } from './check-bus.ts';
import { connectStores, type Stores } from './stores.ts';

/** What is not done yet, in words; empty when the system is quiet. */
type Open = string[];

const lookMs = 200;

/** Statements whose `count` is 0 in a quiet system. `names` says which they are, where that says more. */
const waiting: readonly { store: string; what: string; text: string }[] = [
  {
    store: 'order',
    what: 'orders are between two states',
    text: `SELECT count(*) AS count FROM orders
      WHERE state IN ('intent', 'submitting', 'compensating') OR (state = 'open' AND cancel_requested)`,
  },
  {
    store: 'order',
    what: 'changes of orders are pending',
    text: `SELECT count(*) AS count FROM replaces WHERE state = 'pending'`,
  },
  {
    store: 'ledger',
    what: 'transfers are pending',
    text: `SELECT count(*) AS count FROM transfer WHERE status NOT IN ('completed', 'failed', 'refused')`,
  },
  ...['order', 'ledger', 'user', 'auto'].map((store) => ({
    store,
    what: `events wait in the outbox of ${store}`,
    text: 'SELECT count(*) AS count FROM platform.outbox',
  })),
  {
    store: 'bus',
    what: 'queues are behind',
    text: `SELECT count(*) AS count, string_agg(name, ', ' ORDER BY name) AS names FROM bus.queue
      WHERE EXISTS (SELECT FROM bus.log WHERE sequence > queue.position AND type = ANY (queue.types))`,
  },
  {
    store: 'bus',
    what: 'events wait for a retry',
    text: `SELECT count(*) AS count FROM bus.retry WHERE dead_time IS NULL`,
  },
];

/** The stores that the judge reads. */
export function judgedStores(system: RunningSystem): string[] {
  const ofServices = ['order', 'ledger', 'exchange', 'portfolio', 'user', 'auto', 'notification'];
  return isOnBroker(system) ? ofServices : [...ofServices, 'bus'];
}

/**
 * Waits until nothing is left to do, `unsettled` calls of clients included: every process is ready, every saga final, every feed applied,
 * every outbox empty. Resolves to what is still open after `timeoutMs`: nothing, when it is quiet.
 * `onOpen` gets at each look what is.
 */
export async function untilQuiet(
  system: RunningSystem,
  unsettled: () => number,
  timeoutMs: number,
  onOpen: (open: readonly string[]) => void = () => {},
): Promise<Open> {
  let open: Open = [];
  for (const deadlineMs = performance.now() + timeoutMs; performance.now() < deadlineMs; await sleep(lookMs)) {
    open = await findOpen(system, unsettled).catch((error: Error) => [error.message]);
    if (open.length === 0) return [];
    onOpen(open);
  }
  return open;
}

async function findOpen(system: RunningSystem, unsettled: () => number): Promise<Open> {
  if (unsettled() > 0) return [`${unsettled()} calls are not answered`];
  const run = system.run();
  const probes = await Promise.all(
    run.processes.map(async (process) => ((await isReady(process)) ? [] : [process.name])),
  );
  const expected = Object.entries(run.replicas).reduce((sum, [, count]) => sum + count, 0);
  const unready = probes.flat();
  if (unready.length > 0 || run.processes.length < expected)
    return [`${run.processes.length} of ${expected} processes run, not ready: ${unready.join(', ') || 'none'}`];
  const names = judgedStores(system);
  await using stores = await connectStores(system, names);
  const open = [...(await findWaiting(stores, names)), ...(await findBehind(stores))];
  if (open.length > 0 || !isOnBroker(system)) return open;
  const unhandled = await findUnhandled(stores, await readBus(system, stores));
  return unhandled.map(({ subject, detail }) => `${subject}: ${detail}`);
}

async function findWaiting(stores: Stores, stored: readonly string[]): Promise<Open> {
  const open: Open = [];
  for (const { store, what, text } of waiting.filter((wait) => stored.includes(wait.store))) {
    const [row] = await stores.read<{ count: string; names?: string }>(store, text);
    const names = row?.names ? `: ${row.names}` : '';
    if (row?.count !== '0') open.push(`${row?.count} ${what}${names}`);
  }
  return open;
}

type Position = { name: string; sequence: string; halted: string | null };

async function findBehind(stores: Stores): Promise<Open> {
  const heads = await stores.read<{ shard: number; head: string }>(
    'exchange',
    'SELECT shard, max(last_sequence) AS head FROM journal GROUP BY shard',
  );
  const [ledger] = await stores.read<{ head: string }>(
    'ledger',
    `SELECT sequence AS head FROM platform.feed_head WHERE name = 'ledger'`,
  );
  const expected = [
    ...heads.flatMap(({ shard, head }) =>
      ['order', 'ledger'].map((store) => ({ store, feed: `exchange.${shard}`, head })),
    ),
    { store: 'portfolio', feed: 'ledger', head: ledger?.head ?? '0' },
  ];
  const open: Open = [];
  for (const { store, feed, head } of expected) {
    const [position] = await stores.read<Position>(
      store,
      'SELECT name, sequence, halt_cause AS halted FROM platform.feed_position WHERE name = $1',
      [feed],
    );
    const { sequence = '0', halted = null } = position ?? {};
    if (halted !== null) open.push(`${store} is halted in feed ${feed}: ${halted}`);
    else if (BigInt(sequence) < BigInt(head)) open.push(`${store} is at ${sequence} of ${head} in feed ${feed}`);
  }
  return open;
}
