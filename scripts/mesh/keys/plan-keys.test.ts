import { describe, expect, it } from 'vitest';
import { type ClusterKeys, completeKeys, forgetKeys, rotateKeys } from './plan-keys.ts';

const none: ClusterKeys = { own: new Map(), listed: [] };
const kidsOf = ({ own }: ClusterKeys, service: string) => (own.get(service) ?? []).map(({ kid = '' }) => kid);
const listedOf = ({ listed }: ClusterKeys) => listed.map(({ kid = '' }) => kid);

describe('completeKeys', () => {
  it('makes two keys for each service, lists the public halves, and leaves what is there as it is', () => {
    const first = completeKeys(none, ['order']);
    const keys = completeKeys(first, ['ledger', 'order']);
    expect(keys.own.get('order')).toEqual(first.own.get('order'));
    expect(new Set(listedOf(keys))).toEqual(new Set([...kidsOf(keys, 'order'), ...kidsOf(keys, 'ledger')]));
    expect(keys.listed).toHaveLength(4);
    expect(JSON.stringify(keys.listed)).not.toContain('"d"');
    expect(completeKeys(keys, ['ledger', 'order'])).toEqual(keys);
  });

  it('lists the keys of Secrets that came from outside', () => {
    const { own } = completeKeys(none, ['order']);
    expect(completeKeys({ own, listed: [] }, ['order']).listed).toHaveLength(2);
  });
});

describe('rotateKeys', () => {
  it('lets a key sign that was listed before, and accepts the former one until the next rotation', () => {
    const before = completeKeys(none, ['ledger', 'order']);
    const [former = '', next = ''] = kidsOf(before, 'order');
    const after = rotateKeys(before, 'order');
    expect(kidsOf(after, 'order')[0]).toBe(next);
    expect(listedOf(before)).toContain(next);
    expect(listedOf(after)).toEqual(expect.arrayContaining([former, ...kidsOf(after, 'order')]));
    expect(kidsOf(after, 'ledger')).toEqual(kidsOf(before, 'ledger'));
    const later = rotateKeys(after, 'order');
    expect(listedOf(later)).not.toContain(former);
    expect(later.listed).toHaveLength(5);
  });
});

describe('forgetKeys', () => {
  it('accepts none of the keys that the service had', () => {
    const before = completeKeys(none, ['ledger', 'order']);
    const after = forgetKeys(before, 'order');
    expect(listedOf(after).filter((kid) => kidsOf(before, 'order').includes(kid))).toEqual([]);
    expect(after.listed).toHaveLength(4);
  });
});
