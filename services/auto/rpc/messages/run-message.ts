import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RunOutcome as ContractOutcome, type RunSchema } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason, ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { Run, RunOutcome } from '../../domain/run.ts';
import { toSliceProgress } from './slice-message.ts';

const outcomes = {
  pending: ContractOutcome.PENDING,
  done: ContractOutcome.DONE,
  refused: ContractOutcome.REFUSED,
  missed: ContractOutcome.MISSED,
} satisfies Record<RunOutcome, ContractOutcome>;

/** The message of a run. */
export function toRunMessage(run: Run): MessageInitShape<typeof RunSchema> {
  const { runId, ruleId, scheduledTimeMs, finishTimeMs, outcome, orderId, reason, metadata, attempts, slice } = run;
  return {
    runId,
    ruleId,
    scheduledTime: timestampFromMs(scheduledTimeMs),
    finishTime: finishTimeMs === undefined ? undefined : timestampFromMs(finishTimeMs),
    outcome: outcomes[outcome],
    orderId,
    reason: toReason(reason),
    metadata,
    attempts,
    slice: slice && toSliceProgress(slice),
  };
}

function toReason(name: string): ErrorReason {
  if (name === '') return ErrorReason.UNSPECIFIED;
  const value = ErrorReasonSchema.values.find((candidate) => candidate.name === `ERROR_REASON_${name}`);
  return (value?.number as ErrorReason | undefined) ?? ErrorReason.INTERNAL;
}
