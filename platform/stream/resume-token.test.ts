import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { readPositions, writeResumeToken } from './resume-token.ts';

const positions = Array.from({ length: 100 }, (_, index) => ({
  symbol: `S${index}`,
  epoch: index % 2 ? 'e-1' : 'e-2',
  sequence: BigInt(index) * 1_000_000_007n,
}));

describe('readPositions', () => {
  it('has the positions of a token, and the newer ones of the request in place of them', () => {
    const newer = { symbol: 'S1', epoch: 'e-3', sequence: 9n };
    const read = readPositions(writeResumeToken(positions), [newer]);
    expect(read.size).toBe(100);
    expect(read.get('S99')).toEqual(positions[99]);
    expect(read.get('S1')).toEqual(newer);
    expect(readPositions('', []).size).toBe(0);
  });

  it('refuses what no stream has made', () => {
    const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens = ['x', text([]), text(null), text({ e: 1 }), text({ e: [['A']] }), text({ e: [['a', '1']] })];
    const more = [text({ e: [['A', '-1']] }), text({ e: [['A', 1]] }), text({ '<': [['A', '1']] }), 'y'.repeat(20_000)];
    const tooMany = writeResumeToken([...positions, { symbol: 'X', epoch: 'e', sequence: 1n }]);
    for (const token of [...tokens, ...more, tooMany]) {
      expect(() => readPositions(token, [])).toThrow(
        expect.objectContaining({ reason: ErrorReason.PAGE_TOKEN_INVALID }),
      );
    }
    for (const wrong of [{ symbol: 'a' }, { epoch: '<' }, { sequence: -1n }]) {
      expect(() => readPositions('', [{ symbol: 'A', epoch: 'e', sequence: 1n, ...wrong }])).toThrow();
    }
    expect(() => readPositions('', Array(101).fill(positions[0]))).toThrow();
  });
});
