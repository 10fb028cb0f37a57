import { describe, expect, it } from 'vitest';
import { findTroubles, formatStatus, type MeshStatus } from './status.ts';

const now = new Date('2026-03-02T10:00:00Z');
const well: MeshStatus = {
  namespace: 'outcry',
  workloads: [{ name: 'order', version: '1.2', ready: 2, wanted: 2, restarts: 0 }],
  canaries: [{ service: 'order', weight: 10, pods: 1 }],
  consumers: [{ pod: 'order-1', feed: 'exchange/0', position: 70, lag: 2, isHalted: false }],
  leases: [{ service: 'order', name: 'feed:exchange/0', holder: 'order 7', isHeld: true }],
  audit: [{ kind: 'light', findings: 0, completedTime: new Date('2026-03-02T09:59:00Z') }],
  proxies: { synced: 3, stale: [] },
};

describe('findTroubles', () => {
  it('finds nothing in a system that is well', () => expect(findTroubles(well, now)).toEqual([]));

  it('names each thing that is wrong', () => {
    const ill: MeshStatus = {
      ...well,
      workloads: [{ name: 'order', version: '1.2', ready: 1, wanted: 2, restarts: 4 }],
      consumers: [
        { pod: 'order-1', feed: 'exchange/0', position: 70, lag: 20_000, isHalted: false },
        { pod: 'ledger-1', feed: 'exchange/0', position: 70, lag: 0, isHalted: true },
      ],
      audit: [{ kind: 'light', findings: 2, completedTime: new Date('2026-03-02T09:40:00Z') }],
      proxies: { synced: 2, stale: ['order-1'] },
    };
    expect(findTroubles(ill, now)).toEqual([
      'order has 1 of 2 pods ready',
      'the consumer of exchange/0 in ledger-1 is halted',
      'the consumer of exchange/0 in order-1 is 20000 entries behind',
      'the light audit has 2 findings',
      'no light audit was completed since 2026-03-02T09:40:00.000Z',
      'the proxy order-1 has an old configuration',
    ]);
  });
});

describe('formatStatus', () => {
  it('shows workloads, canaries, feeds, leases, the audit and the proxies', () => {
    expect(formatStatus(well, now)).toEqual([
      'workload  version  ready  restarts',
      'order     1.2      2/2    0',
      '',
      'canary of order: 10 % of its calls, 1 pods',
      '',
      'feed        followed by  position  behind',
      'exchange/0  order-1      70        2',
      '',
      'lease of  name             holder',
      'order     feed:exchange/0  order 7',
      '',
      'audit, light: 0 findings at 2026-03-02T09:59:00.000Z',
      'proxies: 3 of 3 in sync',
      '',
      'all is well',
    ]);
  });
});
