/** The events that the audit publishes. */
import { AuditFailedSchema } from '#gen/outcry/audit/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Finding } from '../domain/finding.ts';
import type { Verdict } from '../domain/verdict.ts';
import { toVerdictMessage } from '../rpc/messages/verdict.ts';

const findingsMax = 20;

/** Publishes that a pass has found what none before has. */
export async function publishAuditFailed(
  tx: Sql,
  { verdict, findings }: { verdict: Verdict; findings: readonly Finding[] },
): Promise<void> {
  const event = { verdict: toVerdictMessage(verdict), findings: findings.slice(0, findingsMax) };
  await enqueueEvent(tx, AuditFailedSchema, event, { key: 'audit' });
}
