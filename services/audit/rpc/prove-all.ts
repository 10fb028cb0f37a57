import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ProveAllRequest, ProveAllResponseSchema } from '#gen/outcry/audit/v1/internal_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { AuditDeps } from '../deps.ts';
import { toVerdictMessage } from './messages/verdict.ts';
import { readFindingsMax } from './request-fields.ts';

/** Runs a full pass. Throws UNAVAILABLE when it cannot be completed. */
export async function proveAll(
  { auditor }: AuditDeps,
  request: ProveAllRequest,
  { signal }: CallContext,
): Promise<MessageInitShape<typeof ProveAllResponseSchema>> {
  const findingsMax = readFindingsMax(request);
  const { verdict, findings } = await auditor.run('full', { signal });
  if (verdict.failure !== '') throw unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, verdict.failure);
  return { verdict: toVerdictMessage(verdict), findings: findings.slice(0, findingsMax) };
}
