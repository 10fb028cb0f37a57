/** Encodes the results of a batched call without an object for each: hundreds are answered with each group. */
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { Reason } from '../../engine/model/codes.ts';
import type { Command, Listing, Outcome } from '../../engine/model/commands.ts';
import { ProtobufWriter } from '../../journal/protobuf-writer.ts';
import { askedPriceTicks, reasonMetadata } from '../../journal/reason-metadata.ts';
import type { Violation } from './fields.ts';
import type { Parsed } from './parse-item.ts';

const writer = new ProtobufWriter();
const resultsField = 1;
// A result with a UUID as its key and no metadata takes 60 to 80 bytes.
const lengthBytes = 1;

/**
 * The bytes of a response whose only field is `repeated CommandResult results = 1`: a result for each item, in order. `outcomes` are
 * those of the items that are commands, in the same order.
 */
export function encodeResults(
  items: readonly Parsed<Command>[],
  outcomes: readonly Outcome[],
  listingOf: (command: Command) => Listing | undefined,
): Uint8Array {
  writer.reset();
  let next = 0;
  for (const item of items) {
    writer.makeRoom();
    const start = writer.begin(resultsField, lengthBytes);
    writer.text(1, item.key);
    if (item.violation) writeViolation(item.violation);
    else {
      const outcome = outcomes[next++];
      if (!outcome) throw new Error('a command has no outcome');
      writeOutcome(item.command, outcome, listingOf);
    }
    writer.end(start, lengthBytes);
  }
  return writer.copy();
}

function writeOutcome(command: Command, outcome: Outcome, listingOf: (command: Command) => Listing | undefined): void {
  const { accepted, reason, detailA, detailB } = outcome;
  writer.number(2, accepted ? CommandOutcome.ACCEPTED : CommandOutcome.REJECTED);
  if (reason !== Reason.NONE) {
    const priceTicks = askedPriceTicks(command, detailA, detailB);
    writer.number(3, reason);
    writeMetadata(reasonMetadata({ reason, detailA, detailB, listing: listingOf(command), priceTicks }));
  }
  writer.makeRoom();
  writer.number(5, outcome.feedSequence);
  writer.number(6, outcome.tradedLots);
  writer.number(7, outcome.restingLots);
  writer.number(8, outcome.revision);
  writer.bigint(9, outcome.tradedValue);
  writer.number(10, outcome.timeMs);
}

function writeViolation({ field, description, reason = Reason.INVALID_FIELD }: Violation): void {
  writer.number(2, CommandOutcome.REJECTED);
  writer.number(3, reason);
  writeMetadata({ field, description });
}

function writeMetadata(metadata: Record<string, string>): void {
  for (const [name, value] of Object.entries(metadata)) {
    writer.makeRoom();
    const start = writer.begin(4, 1);
    writer.text(1, name);
    writer.text(2, value);
    writer.end(start, 1);
  }
}
