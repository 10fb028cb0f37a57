import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { numberCursor, readToken, writeToken } from './token.ts';

const options = { list: 'orders ada', cursor: numberCursor, field: 'resume_token' };

describe('readToken', () => {
  it('gives back the place, and none for the empty token', () => {
    expect(readToken(writeToken('orders ada', '17'), options)).toBe('17');
    expect(readToken('', options)).toBeUndefined();
  });

  it('names the field of a token of another list, of another form, or of no form at all', () => {
    for (const token of [writeToken('orders bob', '17'), writeToken('orders ada', '-1'), 'x', 'A'.repeat(600)]) {
      expect(() => readToken(token, options)).toThrow(
        expect.objectContaining({
          reason: ErrorReason.PAGE_TOKEN_INVALID,
          violations: [expect.objectContaining({ field: 'resume_token' })],
        }),
      );
    }
  });
});
