import { describe, expect, it } from 'vitest';
import { failureOf } from '../rpc/failure.ts';
import { nextReading, type Reading, unread } from './reading.ts';

const failure = failureOf(new Error('no answer'));

describe('nextReading', () => {
  it('leaves the last value when a later attempt fails, with the failure beside it', () => {
    const read = nextReading<number>(unread(), { kind: 'read', value: 1 });
    const failed = nextReading(nextReading(read, { kind: 'begun' }), { kind: 'failed', failure });
    expect(failed).toEqual({ value: 1, failure, isReading: false });
  });

  it('forgets the failure once an attempt succeeds, and all of it at a reset', () => {
    const failed: Reading<number> = { value: 1, failure, isReading: true };
    expect(nextReading(failed, { kind: 'read', value: 2 })).toEqual({ value: 2, failure: undefined, isReading: false });
    expect(nextReading(failed, { kind: 'reset' })).toEqual(unread());
  });
});
