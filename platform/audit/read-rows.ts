/** Answers what the audit asks of a service's tables. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RowsPage, RowsPageSchema, RowsQuery } from '#gen/outcry/audit/v1/rows_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { readPosition } from '#platform/feed/position.ts';
import { snapshotPages } from '#platform/postgres/snapshot-pages.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { pause } from '#platform/time/pause.ts';
import type { AuditedTables } from './audited-table.ts';
import { auditMark, nameOf, type PartStatement, statementsOf } from './statements.ts';

type Page = Exclude<MessageInitShape<typeof RowsPageSchema>, RowsPage>;
type RowResult = { key: string; values: string[]; hash: bigint; block: string };

const pageMax = 500;
const waitMaxMs = 10_000;
const pollMs = 50;
const answerMarginMs = 500;
const statementTimeoutMs = 120_000;

/**
 * The rows of a query, from one snapshot. Throws INVALID_ARGUMENT for a query that the service cannot answer, and UNAVAILABLE when a position
 * is not reached in time.
 */
export async function* readRows(
  db: Database,
  tables: AuditedTables,
  query: RowsQuery | undefined,
  context: Pick<CallContext, 'signal' | 'deadlineTimeMs'>,
): AsyncGenerator<{ page: Page }, void, undefined> {
  const statements = statementsOf(tables, query);
  await waitForPositions(db, query?.minPositions ?? {}, context);
  const read = async (tx: Sql, give: (page: Page) => Promise<void>) => {
    await permitWholeReads(tx);
    let first = await readFeeds(tx);
    for (const statement of statements) {
      await readPart(tx, statement, (page) => give({ ...first, ...page }));
      first = {};
    }
  };
  const pages = snapshotPages<Page>(db, read, { statementTimeoutMs });
  for await (const page of pages) yield { page };
}

async function waitForPositions(
  db: Sql,
  positions: Readonly<Record<string, bigint>>,
  { signal, deadlineTimeMs }: Pick<CallContext, 'signal' | 'deadlineTimeMs'>,
): Promise<void> {
  const endTimeMs = Math.min(Date.now() + waitMaxMs, deadlineTimeMs - answerMarginMs);
  for (const [feed, position] of Object.entries(positions)) {
    while ((await readPosition(db, feed)) < position) {
      if (signal.aborted || Date.now() >= endTimeMs) {
        const message = 'the feed is not applied up to the requested position yet';
        throw unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, message, { feed });
      }
      await pause(pollMs, signal);
    }
  }
}

/** All other statements plan without scans of whole tables (see openDatabase). One core is left to those who trade. */
async function permitWholeReads(tx: Sql): Promise<void> {
  await tx.query(
    `SELECT set_config('enable_seqscan', 'on', true), set_config('max_parallel_workers_per_gather', '0', true)`,
  );
}

async function readFeeds(tx: Sql): Promise<Page> {
  type Consumed = {
    name: string;
    sequence: bigint;
    epoch: string;
    halt_sequence: bigint | null;
    halt_cause: string | null;
  };
  const consumed = await tx.query<Consumed>(
    `${auditMark} SELECT name, sequence, epoch, halt_sequence, halt_cause FROM platform.feed_position`,
  );
  const heads = await tx.query<{ name: string; sequence: bigint }>(
    `${auditMark} SELECT name, sequence FROM platform.feed_head`,
  );
  return {
    feeds: Object.fromEntries(
      consumed.rows.map(({ name, sequence, epoch, halt_sequence, halt_cause }) => [
        name,
        { sequence, epoch, haltSequence: halt_sequence ?? 0n, haltCause: halt_cause ?? '' },
      ]),
    ),
    heads: Object.fromEntries(heads.rows.map(({ name, sequence }) => [name, sequence])),
  };
}

async function readPart(tx: Sql, statement: PartStatement, give: (page: Page) => Promise<void>): Promise<void> {
  const { part, table, text, values, isDigest } = statement;
  const oldest = table.oldestBlock === undefined ? '' : await readOldestBlock(tx, table.oldestBlock);
  const cursor = `audit_${part}`;
  await tx.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, values);
  for (let isFirst = true; ; isFirst = false) {
    const { rows } = await tx.query<RowResult>(`${auditMark} FETCH ${pageMax} FROM ${cursor}`);
    const head = isFirst ? { columns: table.columns.map(nameOf), oldestBlock: oldest } : {};
    if (isFirst || rows.length > 0) await give({ part, ...head, ...(isDigest ? { digests: rows } : { rows }) });
    if (rows.length < pageMax) break;
  }
  await tx.query(`CLOSE ${cursor}`);
}

async function readOldestBlock(tx: Sql, expression: string): Promise<string> {
  const { rows } = await tx.query<{ block: string }>(`${auditMark} SELECT (${expression})::text AS block`);
  return rows[0]?.block ?? '';
}
