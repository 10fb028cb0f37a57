import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { reasonText } from './reason-text.ts';

describe('reasonText', () => {
  it('has needed, free and held', () => {
    const metadata = { needed: '9312.40', available: '8905.10', held: '72546.26', currency: 'USD' };
    expect(reasonText({ reason: ErrorReason.CASH_INSUFFICIENT, metadata })).toBe(
      'needs up to 9,312.40; you have 8,905.10 free, 72,546.26 is held by orders',
    );
  });

  it('has words for a reason of a later release, and for none', () => {
    expect(reasonText({ reason: ErrorReason.BOOK_FULL, metadata: {} })).toBe('book full');
    expect(reasonText({ reason: 9_999 as ErrorReason, metadata: {} })).toBe('unknown');
    expect(reasonText(undefined)).toBe('for a reason that was not stated');
  });
});
