import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import type { PortfolioInternalService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { readPosition } from '#platform/feed/position.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { exchangeFeedOf } from '../domain/exchange-event.ts';
import { readHeadSequence } from '../store/read-entries.ts';
import { type AssetTotals, checkBooks, proveAssets } from './check-books.ts';
import { checkHolds } from './check-holds.ts';
import { checkOrders, type PendingOrders } from './check-orders.ts';
import { checkPortfolio } from './check-portfolio.ts';
import { Findings } from './findings.ts';

/** The result of an audit; it is clean when there are no findings. */
export type AuditReport = {
  findings: Findings;
  assets: AssetTotals[];
  exchangePositions: Map<number, bigint>;
  ledgerSequence: bigint;
  accountsChecked: bigint;
  holdsChecked: bigint;
  pending: PendingOrders;
  positionsChecked: bigint;
};

/** Proves that no cash and no share appeared or vanished, at one cut through ledger, orders and portfolio. */
export type Auditor = {
  /** Throws UNAVAILABLE when a service that it reads does not answer within `timeoutMs`. */
  run(options: { findingsMax: number; timeoutMs: number; signal: AbortSignal }): Promise<AuditReport>;
};

/** What the audit reads. */
export type AuditorOptions = {
  db: Database;
  orders: Pick<RpcClient<typeof OrderInternalService>, 'streamOpenAt'>;
  portfolio: Pick<RpcClient<typeof PortfolioInternalService>, 'streamPositions'>;
  shards: readonly number[];
  logger: Logger;
};

// A caller whose deadline is near gets an error that names the cause, not one of a statement that was cut off.
const statementTimeoutMinMs = 2_000;

/** An auditor over the ledger's database. */
export function createAuditor(options: AuditorOptions): Auditor {
  const { db, portfolio } = options;
  return {
    async run({ findingsMax, timeoutMs, signal }) {
      const findings = new Findings(findingsMax);
      const callOptions = { signal, timeoutMs };
      // A failed attempt would leave its findings behind, so each snapshot is tried once.
      const once = { attemptsMax: 1, statementTimeoutMs: Math.max(statementTimeoutMinMs, timeoutMs) };
      const snapshot = { ...once, isolation: 'repeatable read' } as const;
      const books = await db.transaction((tx) => auditLedger(tx, options, findings, callOptions), snapshot);
      const { ledgerSequence } = books;
      const positionsChecked = await db.transaction(async (tx) => {
        await allowReport(tx);
        const stream = portfolio.streamPositions({ minLedgerSequence: ledgerSequence }, callOptions);
        return checkPortfolio(tx, reached('portfolio', stream, options.logger), ledgerSequence, findings);
      }, once);
      return { ...books, findings, positionsChecked };
    },
  };
}

async function auditLedger(
  tx: Sql,
  options: AuditorOptions,
  findings: Findings,
  callOptions: { signal: AbortSignal; timeoutMs: number },
): Promise<Omit<AuditReport, 'findings' | 'positionsChecked'>> {
  const { orders, shards, logger } = options;
  await allowReport(tx);
  const exchangePositions = new Map<number, bigint>();
  for (const shard of shards) exchangePositions.set(shard, await readPosition(tx, exchangeFeedOf(shard)));
  const ledgerSequence = await readHeadSequence(tx);
  await checkBooks(tx, findings);
  const { assets, accounts } = await proveAssets(tx, findings);
  const holdsChecked = await checkHolds(tx, findings);
  const positions = Object.fromEntries(exchangePositions);
  const stream = reached('order', orders.streamOpenAt({ positions }, callOptions), logger);
  const pending = await checkOrders(tx, stream, findings);
  return { assets, exchangePositions, ledgerSequence, accountsChecked: accounts, holdsChecked, pending };
}

/** An audit reads whole tables, and scans are what all other statements plan without (see openDatabase). */
async function allowReport(tx: Sql): Promise<void> {
  await tx.query(`SELECT set_config('enable_seqscan', 'on', true)`);
}

/** The stream. Any failure of it becomes UNAVAILABLE: no audit is clean without the service. */
async function* reached<M>(service: string, stream: AsyncIterable<M>, logger: Logger): AsyncGenerator<M> {
  try {
    yield* stream;
  } catch (error) {
    logger.warn({ error, service }, 'the audit could not read from a service');
    const message = `the audit needs the ${service} service, which cannot be reached at the moment`;
    throw unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, message, { service });
  }
}
