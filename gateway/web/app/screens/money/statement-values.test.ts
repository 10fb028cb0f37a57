import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { EntryKind, StatementEntrySchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { entryKindText, statementOf } from './statement-values.ts';

const entry = (seconds: number, asset: string, amount: string) =>
  create(StatementEntrySchema, { sequence: BigInt(seconds), asset, amount, time: { seconds: BigInt(seconds) } });
// Newest first.
const entries = [
  entry(40, 'USD', '-5'),
  entry(30, 'USD', '-0.10'),
  entry(30, 'ACME', '2'),
  entry(30, 'USD', '-20'),
  entry(10, 'USD', '100'),
];
const options = { entries, cashNow: '74.90', currency: 'USD' };

describe('statementOf', () => {
  it('leads from the opening to the closing cash, line by line', () => {
    const { opening, closing, lines } = statementOf({ ...options, untilMs: 50_000 });
    expect([opening, closing]).toEqual(['0.00', '74.90']);
    expect(lines.map(({ cashAfter }) => cashAfter)).toEqual(['100.00', '80.00', undefined, '79.90', '74.90']);
  });

  it('leaves out what moved after the period', () => {
    const { closing, lines } = statementOf({ ...options, untilMs: 40_000 });
    expect(closing).toBe('79.90');
    expect(lines).toHaveLength(4);
  });

  it('has the same cash before and after where nothing moved in it', () => {
    expect(statementOf({ ...options, untilMs: 10_000 })).toEqual({ opening: '0.00', closing: '0.00', lines: [] });
  });
});

describe('entryKindText', () => {
  it('has a word for each kind', () => {
    const known = Object.values(EntryKind).filter((kind) => typeof kind === 'number' && kind !== 0);
    expect(known.map((kind) => entryKindText(kind as EntryKind))).not.toContain('Movement');
  });
});
