import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ReadRowsRequest, ReadRowsResponseSchema } from '#gen/outcry/auto/v1/audit_pb.ts';
import { readRows as readAuditedRows } from '#platform/audit/read-rows.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { AutoDeps } from '../deps.ts';
import { auditedTables } from '../store/audited-tables.ts';

/** The rows that the audit asks for, from one snapshot. */
export function readRows(
  { db }: AutoDeps,
  { query }: ReadRowsRequest,
  context: CallContext,
): AsyncGenerator<MessageInitShape<typeof ReadRowsResponseSchema>> {
  return readAuditedRows(db, auditedTables, query, context);
}
