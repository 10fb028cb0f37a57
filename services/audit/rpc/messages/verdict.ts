import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { PassKind, type VerdictSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import type { Verdict } from '../../domain/verdict.ts';

/** A verdict as the contract shows it. */
export function toVerdictMessage(verdict: Verdict): MessageInitShape<typeof VerdictSchema> {
  const { verdictId, kind, startTimeMs, durationMs, clean, findingsCount, failure, assets } = verdict;
  return {
    verdictId,
    kind: kind === 'full' ? PassKind.FULL : PassKind.LIGHT,
    startTime: timestampFromMs(startTimeMs),
    durationMs: BigInt(durationMs),
    clean,
    findingsCount,
    failure,
    exchangePositions: toCounts(verdict.positions),
    ledgerSequence: BigInt(verdict.ledgerSequence),
    checked: toCounts(verdict.checked),
    assets: kind === 'full' ? assets : [],
    oldestPassingMs: BigInt(verdict.oldestPassingMs),
  };
}

/** Numbers by name as the contract shows them. */
export function toCounts(values: Readonly<Record<string, string | number>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, BigInt(value)]));
}
