import { describe, expect, it } from 'vitest';
import { planRollBack } from './revisions.ts';

const now = new Map([
  ['deployment/order', 4],
  ['deployment/ledger', 2],
  ['deployment/added', 1],
]);

describe('planRollBack', () => {
  it('goes back to the revisions of before where they have changed, and leaves what the release has brought', () => {
    const before = new Map([
      ['deployment/order', 3],
      ['deployment/ledger', 2],
    ]);
    expect(planRollBack(now, before)).toEqual([{ name: 'deployment/order', revision: 3 }]);
  });

  it('goes back by one everywhere when no revisions are known', () => {
    expect(planRollBack(now, 'previous').map(({ name, revision }) => [name, revision])).toEqual(
      [...now.keys()].map((name) => [name, undefined]),
    );
  });
});
