import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CommandOutcome, SubmitResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { Acknowledged, readAcknowledgements } from './acknowledgements.ts';
import { orderIdOf } from './order-numbers.ts';

describe('readAcknowledgements', () => {
  it('marks the outcome of each order', () => {
    const results = [
      { key: orderIdOf(2, 5), outcome: CommandOutcome.ACCEPTED, feedSequence: 7n, restingLots: 10n, revision: 1 },
      { key: orderIdOf(0, 5), outcome: CommandOutcome.REJECTED, metadata: { field: 'x' } },
      { key: orderIdOf(3, 5), outcome: CommandOutcome.ACCEPTED, tradedLots: 23n, feedSequence: 9n },
    ];
    const marks = new Uint8Array(5);
    const response = toBinary(SubmitResponseSchema, create(SubmitResponseSchema, { results }));
    expect(readAcknowledgements([response], marks)).toEqual({ accepted: 2, rejected: 1, traded: 1 });
    const { ACCEPTED, REJECTED } = Acknowledged;
    expect([...marks]).toEqual([REJECTED, 0, ACCEPTED, ACCEPTED, 0]);
  });
});
