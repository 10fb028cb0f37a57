import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import {
  appendGroup,
  Engine,
  Matcher,
  needs,
  noBreaker,
  readSubmit,
  ruleVersion,
  takeOver,
} from '../../services/exchange/index.ts';
import { createOrderBatches } from '../exchange/order-batches.ts';
import { createRandom } from '../load/random.ts';

/** Size, books and seed of a journal to make. */
export type JournalOptions = { commands: number; groupCommands: number; symbols: number; seed: number };

/** A journal that was made. */
export type MadeJournal = { db: Database; events: number; eventBytes: number; stateHash: string };

const shard = 0;
const batchMax = 100;

/**
 * Fills a new database with a journal of orders as the exchange bench sends them, matched in this process and appended as the service
 * does. Commits do not wait for the disk, as only reading is measured.
 */
export async function makeJournal(
  url: string,
  { commands, groupCommands, symbols, seed }: JournalOptions,
  signal: AbortSignal,
): Promise<MadeJournal> {
  const logger = createLogger({ service: 'bench', level: 'silent' });
  const db = openDatabase({ url, applicationName: 'bench', synchronousCommit: 'off', logger });
  await migrate(db, needs.database.migrations);
  const { token } = await takeOver(db, shard, { name: 'bench', address: 'localhost:1' });
  const matcher = new Matcher(beginning(), { shard, token, capture: () => undefined });
  const names = Array.from({ length: symbols }, (_, index) => `BENCH${index}`);
  const terms = { tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, referencePriceTicks: 10_000 };
  const made: MadeJournal = { db, events: 0, eventBytes: 0, stateHash: '' };
  const append = async (next: Parameters<Matcher['match']>[0]) => {
    const group = matcher.match(next, Date.now()).group?.journal;
    if (!group) throw new Error('a group changed nothing');
    await appendGroup(db, group);
    made.events = group.lastSequence;
    made.eventBytes += group.events.length;
    made.stateHash = group.stateHash;
  };
  await append([
    { kind: 'rules', version: ruleVersion },
    ...names.map((symbol) => ({ kind: 'list' as const, listing: { symbol, ...terms, ...noBreaker } })),
  ]);
  const batches = createOrderBatches({ random: createRandom(seed), symbols: names });
  for (let left = commands; left > 0; left -= groupCommands) {
    signal.throwIfAborted();
    await append(nextOrders(batches, Math.min(left, groupCommands)));
  }
  return made;
}

/** An engine before any group. */
function beginning(): ConstructorParameters<typeof Matcher>[0] {
  const position = { groupNumber: 0, checksum: 0, commandCount: 0 };
  return { engine: new Engine(), ...position, snapshotGroup: 0, snapshotSequence: 0 };
}

function nextOrders(batches: ReturnType<typeof createOrderBatches>, count: number) {
  const orders = [];
  for (let left = count; left > 0; left -= batchMax) {
    const batch = readSubmit(batches.next(Math.min(left, batchMax)), batchMax);
    for (const order of batch ?? []) if (!order.violation) orders.push(order.command);
  }
  return orders;
}
