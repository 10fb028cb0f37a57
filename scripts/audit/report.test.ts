import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FindingSchema, VerdictSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import { describeAudit } from './report.ts';

describe('describeAudit', () => {
  it('shows the sums of each asset and that all is accounted for', () => {
    const verdict = create(VerdictSchema, {
      clean: true,
      assets: [{ asset: 'USD', issued: '200000.00', owned: '200000.00', held: '10.00' }],
      checked: { accounts: 4n },
    });
    const text = describeAudit({ verdict, findings: [] });
    expect(text).toMatch(/USD\s+200000\.00\s+200000\.00\s+10\.00/);
    expect(text).toContain('4 accounts, 0 open holds');
    expect(text.endsWith('Every cent and share is accounted for.')).toBe(true);
  });

  it('names each row that differs', () => {
    const finding = create(FindingSchema, {
      rule: 'hold-explained',
      subject: 'order 1',
      expected: '0.00',
      found: '5.00',
    });
    const text = describeAudit({ verdict: create(VerdictSchema, { findingsCount: 3 }), findings: [finding] });
    expect(text).toContain('hold-explained: order 1: expected 0.00, found 5.00');
    expect(text).toContain('NOT CLEAN: 3 findings, 1 of them above.');
  });
});
