/** The ledger's own code over a database, called as its batcher and the consumer of the exchange's feed call it. */
import { create } from '@bufbuild/protobuf';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { FeedApplier } from '#platform/feed/feed-applier.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import {
  checkBooks,
  checkHolds,
  createFeedWriter,
  Findings,
  grantAssets,
  type HoldRequest,
  needs,
  placeHolds,
  proveAssets,
  saveAccounts,
  settlementOf,
} from '../../services/ledger/index.ts';
import type { OrderPair, OrderPairs } from './order-pairs.ts';

/** The ledger as the bench drives it. */
export type LedgerUnderTest = AsyncDisposable & {
  /** Places holds as one group. Throws when one is refused. */
  place(requests: HoldRequest[]): Promise<void>;
  /** Settles trades that fill both orders of each pair, as one page of the exchange's feed. */
  settle(pairs: OrderPair[]): Promise<void>;
  /** The commits of the database while `work` ran. */
  countCommits(work: () => Promise<void>): Promise<number>;
  /** Throws unless the books prove clean. */
  audit(): Promise<void>;
};

const cashMicros = 1_000_000_000_000_000_000n;
const shareMicros = 1_000_000_000_000_000n;

/** Opens the ledger over an empty database; every account gets cash and shares of every symbol. */
export async function openLedger(url: string, { accountIds, symbols }: OrderPairs): Promise<LedgerUnderTest> {
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const db = openDatabase({ url, applicationName: 'ledger', logger });
  await migrate(db, needs.database.migrations);
  const feed = await createFeedWriter({ db, logger, nowMs: Date.now });
  await fund(db, { accountIds, symbols, feed });
  const applier = await openApplier(db, feed);
  let sequence = 0n;
  const settle = async (pairs: OrderPair[]) => {
    const entries = pairs.map((pair, index) => tradeOf(pair, sequence + BigInt(index + 1)));
    sequence += BigInt(pairs.length);
    await applier.take({ entries, epoch: 'bench', headSequence: sequence, fingerprint: '' });
  };
  return {
    async place(requests) {
      const refusal = (await placeHolds(db, requests, Date.now())).find((outcome) => outcome !== undefined);
      if (refusal) throw new Error(`a hold was refused: ${refusal.reason}`);
    },
    settle,
    countCommits: (work) => countCommits(db, work),
    audit: () => audit(db),
    async [Symbol.asyncDispose]() {
      await applier[Symbol.asyncDispose]();
      await feed[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

type Feed = Awaited<ReturnType<typeof createFeedWriter>>;

async function fund(
  db: Database,
  { accountIds, symbols, feed }: { accountIds: string[]; symbols: string[]; feed: Feed },
): Promise<void> {
  const conditions = { version: 1n, state: 'active', house: false, transferMaxMicros: undefined } as const;
  await saveAccounts(
    db,
    accountIds.map((accountId) => ({ accountId, ...conditions })),
  );
  const shares = symbols.map((symbol) => ({ symbol, micros: shareMicros / BigInt(accountIds.length) }));
  const options = { db, feed, nowMs: Date.now };
  for (const accountId of accountIds) {
    await grantAssets(options, { accountId, cashMicros, shares }, 'bench', accountId);
  }
}

/** A consumer that holds its lease. */
async function openApplier(db: Database, feed: Feed) {
  await db.query(`INSERT INTO platform.lease (name, holder, token, expire_time) VALUES ('bench', 'bench', 1, now())`);
  const settlement = settlementOf({ feed, nowMs: Date.now });
  const fence = { leaseName: 'bench', token: 1n };
  const applier = new FeedApplier({ db, feed: 'exchange.0', ...settlement }, fence);
  await applier.begin();
  return applier;
}

function tradeOf({ buy, sell }: OrderPair, sequence: bigint) {
  const { symbol, lots, priceTicks } = buy.terms;
  const side = ({ orderId, terms }: HoldRequest) => ({
    orderId,
    accountId: terms.accountId,
    side: terms.side === 'buy' ? Side.BUY : Side.SELL,
    remainingLots: 0n,
  });
  const value = { tradeId: `0-${sequence}`, priceTicks, quantityLots: lots, maker: side(sell), taker: side(buy) };
  return create(FeedEventSchema, { sequence, timeMs: 1n, symbol, event: { case: 'traded', value } });
}

async function countCommits(db: Database, work: () => Promise<void>): Promise<number> {
  const read = async () => {
    // Statistics arrive with a delay unless they are flushed.
    await db.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await db.query<{ commits: bigint }>(
      'SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = current_database()',
    );
    return Number(rows[0]?.commits);
  };
  const before = await read();
  await work();
  return (await read()) - before;
}

async function audit(db: Database): Promise<void> {
  const findings = new Findings(10);
  const examine = async (tx: Parameters<typeof checkBooks>[0]) => {
    await tx.query(`SET LOCAL enable_seqscan = on; SET LOCAL statement_timeout = '120s'`);
    await checkBooks(tx, findings);
    await proveAssets(tx, findings);
    await checkHolds(tx, findings);
  };
  await db.transaction(examine, { isolation: 'repeatable read', attemptsMax: 1 });
  if (findings.count > 0) throw new Error(`the audit is not clean: ${JSON.stringify(findings.listed)}`);
}
