import { create } from '@bufbuild/protobuf';
import { RowsPageSchema, RowsQuerySchema } from '#gen/outcry/audit/v1/rows_pb.ts';
import { readRows } from '#platform/audit/read-rows.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import {
  type Auditor,
  needs as auditNeeds,
  createAuditor,
  createStores,
  type RowReaders,
} from '../../services/audit/index.ts';
import { auditedTables, needs as ledgerNeeds } from '../../services/ledger/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { startPostgres } from '../exchange/exchange-process.ts';
import { reportMachine } from '../system/machine.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { fillLedger, positionsOf } from './fill-ledger.ts';

const flags = {
  postings: { kind: 'count', default: 10_000_000, min: 2_000, max: 50_000_000, help: 'postings of the ledger' },
} as const;

type Context = BenchContext<typeof flags>;

const targets = { fullSeconds: 60, lightSeconds: 1 };
const logger = createLogger({ service: 'bench', level: 'warn' });

/** The audit's passes over a long ledger: its own code and the ledger's reads, in one process. */
export const auditBench = defineBench({
  name: 'audit',
  summary: 'time of a first, a full and a light pass of the audit over a ledger of 10 million postings',
  flags,
  timeLimitMs: 60 * 60_000,
  run: measureAudit,
});

async function measureAudit({ flags: { postings }, report }: Context): Promise<void> {
  reportMachine(report);
  await using directory = await makeTempDirectory();
  await using postgres = await startPostgres(directory.path);
  await using ledger = await openStore(postgres.urlFor('exchange'), ledgerNeeds.database.migrations);
  await ledger.query('CREATE DATABASE audit');
  await using own = await openStore(postgres.urlFor('audit'), auditNeeds.database.migrations);
  const entries = Math.floor(postings / 2);
  await fillLedger(ledger, entries, (done) => report.progress(`wrote ${done * 2} postings`));
  const auditor = createBenchAuditor(ledger, own, entries);
  const first = await timePass(auditor, 'full');
  report.figure({ metric: 'first.pass', value: first, unit: 's' });
  const full = await timePass(auditor, 'full');
  report.figure({
    metric: 'full.pass',
    value: full,
    unit: 's',
    against: { what: 'target', value: targets.fullSeconds },
  });
  const light = await timePass(auditor, 'light');
  report.figure({
    metric: 'light.pass',
    value: light,
    unit: 's',
    against: { what: 'target', value: targets.lightSeconds },
  });
}

async function openStore(url: string, migrations: URL): Promise<Database> {
  const db = openDatabase({ url, applicationName: 'bench', logger, statementTimeoutMs: 600_000 });
  await migrate(db, migrations);
  return db;
}

/** The ledger is read by its own code, without the call between; the others have what follows from its entries. */
function createBenchAuditor(ledger: Database, own: Database, entries: number): Auditor {
  const { signal } = new AbortController();
  const none = (heads: Record<string, bigint> = {}) => {
    return async function* () {
      yield { page: create(RowsPageSchema, { heads }) };
    };
  };
  const readers: RowReaders = {
    ledger: {
      async *readRows({ query }) {
        const context = { signal, deadlineTimeMs: Date.now() + 600_000 };
        for await (const { page } of readRows(ledger, auditedTables, create(RowsQuerySchema, query), context)) {
          yield { page: create(RowsPageSchema, page) };
        }
      },
    },
    order: { readRows: none() },
    exchange: { readRows: none() },
    user: { readRows: none() },
    notification: { readRows: none() },
    auto: { readRows: none() },
    portfolio: { readRows: portfolioOf(entries) },
  };
  const feed = { async *follow() {}, async confirm() {} };
  const metrics = createMetrics('bench');
  return createAuditor({
    db: own,
    stores: createStores(readers, logger),
    feed,
    shards: [],
    logger,
    metrics,
    nowMs: Date.now,
  });
}

function portfolioOf(entries: number): RowReaders['portfolio']['readRows'] {
  const columns = ['quantity_micros', 'cost_micros', 'realized_micros'];
  const feeds = { ledger: { sequence: BigInt(entries) } };
  return async function* ({ query }) {
    const part = (query.tables ?? []).findIndex(({ table }) => table === 'position');
    const rows =
      part < 0
        ? []
        : positionsOf(entries).map(({ key, quantityMicros }) => ({ key, values: [String(quantityMicros), '0', '0'] }));
    yield { page: create(RowsPageSchema, { part: Math.max(0, part), columns, rows, feeds }) };
  };
}

async function timePass(auditor: Auditor, kind: 'full' | 'light'): Promise<number> {
  const start = performance.now();
  const { verdict, findings } = await auditor.run(kind, { timeoutMs: 3_600_000 });
  if (!verdict.clean)
    throw new Error(`the pass is not clean: ${verdict.failure} ${JSON.stringify(findings.slice(0, 3))}`);
  return (performance.now() - start) / 1_000;
}
