import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetVerdictRequest, GetVerdictResponseSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { AuditDeps } from '../deps.ts';
import { findVerdict, listVerdicts, readFindings } from '../store/verdicts.ts';
import { toVerdictMessage } from './messages/verdict.ts';

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** One verdict, by default the newest, with its findings. */
export async function getVerdict(
  { db }: AuditDeps,
  { verdictId }: GetVerdictRequest,
): Promise<MessageInitShape<typeof GetVerdictResponseSchema>> {
  const verdict = await find(db, verdictId);
  if (verdict === undefined) throw notFound(ErrorReason.VERDICT_NOT_FOUND, 'there is no such verdict');
  return { verdict: toVerdictMessage(verdict), findings: await readFindings(db, verdict.verdictId) };
}

async function find(db: AuditDeps['db'], verdictId: string) {
  if (verdictId !== '') return isUuidV7(verdictId) ? findVerdict(db, verdictId) : undefined;
  const [newest] = await listVerdicts(db, { before: lastId, limit: 1, uncleanOnly: false });
  return newest;
}
