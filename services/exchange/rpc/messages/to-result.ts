import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome, type CommandResultSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { Command, Listing, Outcome } from '../../engine/model/commands.ts';
import { askedPriceTicks, reasonMetadata } from '../../journal/reason-metadata.ts';

/** The fields of a CommandResult. */
export type ResultInit = MessageInitShape<typeof CommandResultSchema>;

/** The result of a command that was carried out. `listing` is the one of its symbol. */
export function toResult(key: string, command: Command, outcome: Outcome, listing: Listing | undefined): ResultInit {
  const { accepted, reason, detailA, detailB } = outcome;
  const priceTicks = askedPriceTicks(command, detailA, detailB);
  return {
    key,
    outcome: accepted ? CommandOutcome.ACCEPTED : CommandOutcome.REJECTED,
    reason: reason as number as ErrorReason,
    metadata: reasonMetadata({ reason, detailA, detailB, listing, priceTicks }),
    feedSequence: BigInt(outcome.feedSequence),
    tradedLots: BigInt(outcome.tradedLots),
    restingLots: BigInt(outcome.restingLots),
    revision: outcome.revision,
    tradedValue: outcome.tradedValue,
    timeMs: BigInt(outcome.timeMs),
  };
}
