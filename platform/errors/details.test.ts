import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { ErrorInfoSchema, PreconditionFailureSchema } from '#gen/google/rpc/error_details_pb.ts';
import { StatusSchema } from '#gen/google/rpc/status_pb.ts';
import { ErrorReason, ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from './code.ts';
import { fromStatusBytes, reasonName, toStatus } from './details.ts';
import { internal, invalidArguments, OutcryError, refused, resourceExhausted } from './outcry-error.ts';

const throughTheWire = (error: unknown) => fromStatusBytes(toBinary(StatusSchema, toStatus(error)));

describe('toStatus', () => {
  it('every reason survives the wire with its code, message and numbers', () => {
    for (const { number } of ErrorReasonSchema.values) {
      const error = new OutcryError(Code.ABORTED, number as ErrorReason, 'so it is', { metadata: { limit: '7' } });
      const { code, reason, message, metadata } = throughTheWire(error);
      expect({ code, reason, message, metadata }).toEqual({
        code: Code.ABORTED,
        reason: number,
        message: 'so it is',
        metadata: { limit: '7' },
      });
    }
  });

  it('ErrorInfo has the reason without its prefix, in our domain', () => {
    const [first] = toStatus(refused(ErrorReason.CASH_INSUFFICIENT, 'too little cash')).details;
    const info = first && anyUnpack(first, ErrorInfoSchema);
    expect(info).toMatchObject({ reason: 'CASH_INSUFFICIENT', domain: 'outcry' });
  });

  it('violations and the time to come back survive the wire', () => {
    const violations = [
      { field: 'price', description: 'is negative' },
      { field: 'quantity', description: 'is missing' },
    ];
    expect(throughTheWire(invalidArguments(violations)).violations).toEqual(violations);
    const busy = resourceExhausted(ErrorReason.OVERLOADED, 'busy', { retryDelayMs: 1_250 });
    expect(throughTheWire(busy).retryDelayMs).toBe(1_250);
  });

  it('a failed precondition names what it failed on', () => {
    const status = toStatus(refused(ErrorReason.INSTRUMENT_HALTED, 'it is halted', { symbol: 'ACME' }));
    const failure = status.details.map((detail) => anyUnpack(detail, PreconditionFailureSchema)).find(Boolean);
    expect(failure?.violations[0]).toMatchObject({ type: 'INSTRUMENT_HALTED', subject: 'ACME' });
  });

  it('an unknown error becomes INTERNAL without its message', () => {
    for (const secret of [new Error('select * from account'), 'select * from account', { sql: 'select' }, undefined]) {
      const status = toStatus(secret);
      expect(status).toMatchObject({ code: Code.INTERNAL, message: 'internal error' });
      expect(Buffer.from(toBinary(StatusSchema, status)).includes('select')).toBe(false);
    }
    expect(toStatus(internal(new Error('select'))).message).toBe('internal error');
  });

  it('long texts and many violations are cut', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ field: `f${index}`, description: 'x'.repeat(5_000) }));
    expect(toBinary(StatusSchema, toStatus(invalidArguments(many))).length).toBeLessThan(10_000);
  });
});

describe('fromStatusBytes', () => {
  it('a reason of a newer release keeps code and message', () => {
    const info = create(ErrorInfoSchema, { reason: 'NOT_YET_INVENTED', domain: 'outcry', metadata: { a: 'b' } });
    const details = [anyPack(ErrorInfoSchema, info)];
    const bytes = toBinary(StatusSchema, create(StatusSchema, { code: 9, message: 'no', details }));
    expect(fromStatusBytes(bytes)).toMatchObject({
      code: Code.FAILED_PRECONDITION,
      reason: ErrorReason.UNSPECIFIED,
      message: 'no',
      metadata: { a: 'b' },
    });
  });

  it('bytes that are no status throw', () => {
    expect(() => fromStatusBytes(Buffer.from('ffff', 'hex'))).toThrow();
  });
});

describe('reasonName', () => {
  it('a number that is no reason is UNSPECIFIED', () => {
    expect(reasonName(9_999 as ErrorReason)).toBe('UNSPECIFIED');
  });
});
