import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { VerdictSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import { checkedText, durationText, verdictText } from './verdict-text.ts';

describe('verdictText', () => {
  it('tells a pass that could not be completed from one that is clean', () => {
    expect(verdictText(create(VerdictSchema, { clean: true }))).toMatch(/^Clean/);
    expect(verdictText(create(VerdictSchema, { failure: 'the ledger did not answer' }))).toMatch(/^Not completed/);
    expect(verdictText(create(VerdictSchema, { findingsCount: 3 }))).toBe('3 things differ');
  });
});

describe('checkedText', () => {
  it('names what was checked, the most first, and nothing that was not', () => {
    expect(checkedText({ checked: { holds: 12n, orders: 1204n, events_left: 0n } })).toBe('1,204 orders, 12 holds');
  });
});

describe('durationText', () => {
  it('is in the unit that fits', () => expect([820n, 12_500n].map(durationText)).toEqual(['820 ms', '12.5 s']));
});
