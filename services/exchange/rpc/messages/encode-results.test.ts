import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome, SubmitResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { Reason } from '../../engine/model/codes.ts';
import type { Command, Outcome } from '../../engine/model/commands.ts';
import { listing, order, orderId } from '../../engine/testing/driver.ts';
import { encodeResults } from './encode-results.ts';
import type { Parsed } from './parse-item.ts';
import { type ResultInit, toResult } from './to-result.ts';

const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_147_483_647 }));
const outcomes: fc.Arbitrary<Outcome> = fc.record({
  effective: fc.boolean(),
  accepted: fc.boolean(),
  reason: fc.constantFrom(...Object.values(Reason)),
  detailA: fc.oneof(fc.integer({ min: 1, max: 5 }), count),
  detailB: count,
  feedSequence: fc.oneof(count, fc.maxSafeNat()),
  tradedLots: count,
  tradedValue: fc.oneof(count.map(BigInt), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })),
  restingLots: count,
  revision: count,
  cancelledCount: count,
  timeMs: fc.oneof(count, fc.maxSafeNat()),
});
const keys = fc.oneof(
  fc.nat(1_000).map((number) => orderId(number)),
  fc.string(),
  fc.string({ unit: 'grapheme' }),
);
const commands: fc.Arbitrary<Command> = fc.oneof(
  count.map((priceTicks) => order(1, { priceTicks })),
  fc.constant({ kind: 'cancel', commandId: 'c', orderId: orderId(1), accountId: 'a', symbol: 'ACME' } as const),
);
const violation = fc.record({ field: fc.string(), description: fc.string({ unit: 'grapheme', maxLength: 300 }) });
type Item = { parsed: Parsed<Command>; outcome: Outcome };
const items: fc.Arbitrary<Item[]> = fc.array(
  fc.record({
    parsed: fc.oneof(
      fc.record({ key: keys, command: commands }),
      fc.record({ key: fc.oneof(keys, fc.string({ minLength: 100, maxLength: 20_000 })), violation }),
    ),
    outcome: outcomes,
  }),
);

function expected({ parsed, outcome }: Item): ResultInit {
  const { key } = parsed;
  if (!parsed.violation) return toResult(key, parsed.command, outcome, listing());
  const { field, description } = parsed.violation;
  return {
    ...{ key, outcome: CommandOutcome.REJECTED, reason: ErrorReason.INVALID_FIELD },
    metadata: { field, description },
  };
}

describe('encodeResults', () => {
  it('says what protobuf says of the same results', () => {
    fc.assert(
      fc.property(items, (list) => {
        const outcomes = list.flatMap(({ parsed, outcome }) => (parsed.violation ? [] : [outcome]));
        const bytes = encodeResults(
          list.map(({ parsed }) => parsed),
          outcomes,
          () => listing(),
        );
        const response = create(SubmitResponseSchema, { results: list.map(expected) });
        // Through its bytes, as a map has its names in the order in which it was made.
        const read = fromBinary(SubmitResponseSchema, toBinary(SubmitResponseSchema, response));
        expect(fromBinary(SubmitResponseSchema, bytes)).toEqual(read);
      }),
      { numRuns: 500 },
    );
  });

  it('writes plain answers as protobuf does, byte by byte', () => {
    const outcome = { ...accepted, feedSequence: 2 ** 45 + 3, tradedLots: 7, tradedValue: 2n ** 62n };
    const bytes = encodeResults([{ key: orderId(1), command: order(1) }], [outcome], () => listing());
    const response = create(SubmitResponseSchema, { results: [toResult(orderId(1), order(1), outcome, listing())] });
    expect(Buffer.from(bytes)).toEqual(Buffer.from(toBinary(SubmitResponseSchema, response)));
  });
});

const accepted: Outcome = {
  ...{ effective: true, accepted: true, reason: Reason.NONE, detailA: 0, detailB: 0, feedSequence: 1 },
  ...{ tradedLots: 0, tradedValue: 0n, restingLots: 0, revision: 1, cancelledCount: 0, timeMs: 1_700_000_000_000 },
};
