import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RunAuditRequest, RunAuditResponseSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import { createWake } from '#platform/concurrency/wake.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { AuditDeps } from '../deps.ts';
import type { Finding } from '../domain/finding.ts';
import { toCounts, toVerdictMessage } from './messages/verdict.ts';
import { readFindingsMax } from './request-fields.ts';

const progressPauseMs = 10_000;

/** Runs a full pass and sends each finding as it is found, then the verdict; how far it is, each time that nothing happened for 10 s. */
export async function* runAudit(
  { auditor }: AuditDeps,
  request: RunAuditRequest,
  { signal }: CallContext,
): AsyncGenerator<MessageInitShape<typeof RunAuditResponseSchema>, void, undefined> {
  const findingsMax = readFindingsMax(request);
  const found: Finding[] = [];
  const checked = new Map<string, number>();
  const wake = createWake();
  const onFinding = (finding: Finding) => {
    found.push(finding);
    wake.raise();
  };
  let isOver = false;
  const running = auditor.run('full', { signal, onFinding, checked }).finally(() => {
    isOver = true;
    wake.raise();
  });
  running.catch(() => {});
  for (let sent = 0, isQuiet = false; !isOver || sent < Math.min(found.length, findingsMax); ) {
    for (; sent < Math.min(found.length, findingsMax); sent += 1) {
      yield { message: { case: 'finding', value: found[sent] ?? {} } };
    }
    if (isQuiet) yield { message: { case: 'progress', value: { checked: toCounts(Object.fromEntries(checked)) } } };
    isQuiet = !isOver && !(await wake.wait(progressPauseMs));
  }
  const { verdict } = await running;
  yield { message: { case: 'verdict', value: toVerdictMessage(verdict) } };
}
