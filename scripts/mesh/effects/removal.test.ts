import { describe, expect, it } from 'vitest';
import { loadMeshRpcs } from '../contracts.ts';
import { findEffectProblems } from './find-problems.ts';
import { type Policy, readPolicies } from './policy-file.ts';

const policies = await readPolicies();
const rpcs = await loadMeshRpcs();

describe('findEffectProblems', () => {
  it('finds that the policies come to what the contracts say', () => {
    expect(policies.size).toBeGreaterThan(80);
    expect(findEffectProblems([...policies.values()], rpcs)).toEqual([]);
  });

  it.each([...policies.keys()])('finds what is wrong without %s', (file) => {
    const left = [...policies].filter(([name]) => name !== file).map(([, policy]) => policy);
    expect(findEffectProblems(left, rpcs)).not.toEqual([]);
  });

  it('finds a path too many in a policy, and one too few', () => {
    const file = 'allow-ledger-from-order.yaml';
    const changed = (change: (text: string) => string): Policy[] =>
      [...policies].map(([name, policy]) => (name === file ? JSON.parse(change(JSON.stringify(policy))) : policy));
    const more = changed((text) =>
      text.replace('/PlaceHolds"', '/PlaceHolds","/outcry.ledger.v1.LedgerService/Deposit"'),
    );
    expect(findEffectProblems(more, rpcs)).toEqual([
      'order may call ledger:9000 /outcry.ledger.v1.LedgerService/Deposit',
    ]);
    const fewer = changed((text) => text.replace(/"[^"]*\/PlaceHolds"/, '"/other"'));
    expect(findEffectProblems(fewer, rpcs)).toEqual([
      'order may not call ledger:9000 /outcry.ledger.v1.LedgerInternalService/PlaceHolds',
    ]);
  });
});
