import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  ExportedTable,
  type ExportTableRequest,
  type ExportTableResponseSchema,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { invalidArgument, outOfRange } from '#platform/errors/outcry-error.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { listPostings } from '../store/list-postings.ts';
import { listTransfers } from '../store/list-transfers.ts';
import { statementHeader, statementLine, transferLine, transfersHeader } from './messages/csv-tables.ts';
import { readAccountId } from './messages/request-fields.ts';

/** Rows read at once: some 40 KiB of text. */
const pageRows = 200;
const exportedRowsMax = 1_000_000;

/** A table whose rows are read in pages, newest first. */
type Table<R> = {
  header: string;
  line(row: R): string;
  /** The rows after one, in the table's order; undefined: from its start. */
  read(after: R | undefined): Promise<R[]>;
};

/** A whole table of an account as CSV. Each page is read when the one before has left, so that an export takes little memory. */
export async function* exportTable(
  { db }: LedgerDeps,
  { accountId: requested, table }: ExportTableRequest,
  context: CallContext,
): AsyncGenerator<MessageInitShape<typeof ExportTableResponseSchema>> {
  const accountId = readAccountId(resolveAccountId(context, requested));
  switch (table) {
    case ExportedTable.STATEMENT:
      return yield* exportRows(statementOf(db, accountId), context);
    case ExportedTable.TRANSFERS:
      return yield* exportRows(transfersOf(db, accountId), context);
    default:
      throw invalidArgument('table', 'must be one of the tables');
  }
}

function statementOf(db: Sql, accountId: string): Table<Awaited<ReturnType<typeof listPostings>>[number]> {
  return {
    header: statementHeader,
    line: statementLine,
    read: (after) => listPostings(db, { accountId }, { after }, pageRows),
  };
}

function transfersOf(db: Sql, accountId: string): Table<Awaited<ReturnType<typeof listTransfers>>[number]> {
  return {
    header: transfersHeader,
    line: transferLine,
    read: (after) => listTransfers(db, accountId, {}, { after: after?.transferId, limit: pageRows }),
  };
}

/** The rows of a table as CSV, page by page. Throws OUT_OF_RANGE beyond `rowsMax`, and when the signal aborts. */
export async function* exportRows<R>(
  { header, line, read }: Table<R>,
  { signal }: Pick<CallContext, 'signal'>,
  rowsMax = exportedRowsMax,
): AsyncGenerator<MessageInitShape<typeof ExportTableResponseSchema>> {
  let rows = await read(undefined);
  let count = rows.length;
  yield { csv: header + rows.map(line).join('') };
  while (rows.length === pageRows) {
    // A part must not be taken for the whole: what ends early ends with an error.
    signal.throwIfAborted();
    rows = await read(rows.at(-1));
    count += rows.length;
    if (count > rowsMax) {
      throw outOfRange(ErrorReason.INVALID_FIELD, 'the table has more rows than can be exported', {
        rows_max: String(rowsMax),
      });
    }
    if (rows.length > 0) yield { csv: rows.map(line).join('') };
  }
}
