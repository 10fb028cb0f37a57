import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RunAuditRequest, RunAuditResponseSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { AuditDeps } from '../deps.ts';
import type { Finding } from '../domain/finding.ts';
import type { PassOutcome } from '../passes/auditor.ts';
import { toVerdictMessage } from './messages/verdict.ts';
import { readFindingsMax } from './request-fields.ts';

/** Runs a full pass and sends each finding as it is found, then the verdict. */
export async function* runAudit(
  { auditor }: AuditDeps,
  request: RunAuditRequest,
  { signal }: CallContext,
): AsyncGenerator<MessageInitShape<typeof RunAuditResponseSchema>, void, undefined> {
  const findingsMax = readFindingsMax(request);
  const found: Finding[] = [];
  let wake = Promise.withResolvers<void>();
  let outcome: PassOutcome | undefined;
  const onFinding = (finding: Finding) => {
    found.push(finding);
    wake.resolve();
  };
  const running = auditor.run('full', { signal, onFinding }).then((ended) => {
    outcome = ended;
    wake.resolve();
  });
  running.catch(() => wake.resolve());
  for (let sent = 0; ; ) {
    for (; sent < Math.min(found.length, findingsMax); sent += 1) {
      yield { message: { case: 'finding', value: found[sent] ?? {} } };
    }
    if (outcome !== undefined) break;
    await Promise.race([wake.promise, running]);
    wake = Promise.withResolvers<void>();
  }
  yield { message: { case: 'verdict', value: toVerdictMessage(outcome.verdict) } };
}
