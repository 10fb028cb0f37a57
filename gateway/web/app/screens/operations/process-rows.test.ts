import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DescribedServiceSchema } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { lagRows, leaseRows, processRows, withoutLeases } from './process-rows.ts';

const described = (init: MessageInitShape<typeof DescribedServiceSchema>) => create(DescribedServiceSchema, init);
const order = described({
  service: 'order',
  process: {
    name: 'order-0',
    leases: [{ name: 'feed.exchange.0', holder: 'a', token: 3n, remaining: { seconds: 1n } }],
    feeds: [{ feed: 'exchange.0', behind: {}, silence: {} }],
    queues: [{ queue: 'order.conditions', eventsBehind: 0n }],
    outbox: { events: 3n, oldestAge: { seconds: 9n } },
  },
});
const ledger = described({ service: 'ledger', process: { name: 'ledger-0', leasesMissing: true } });
const audit = described({ service: 'audit', failure: 'UNAVAILABLE' });

describe('processRows', () => {
  it('has a row for each service that the health or the description names', () => {
    const health = [
      { name: 'order', isServing: true, contracts: [{ name: 'OrderService', isServing: true }] },
      { name: 'audit', isServing: false, contracts: [{ name: 'AuditService', isServing: false }] },
    ];
    expect(processRows(health, [audit, ledger, order])).toMatchObject([
      { service: 'audit', isServing: false, missing: ['AuditService'], failure: 'UNAVAILABLE' },
      { service: 'ledger', isServing: true, missing: [], process: { name: 'ledger-0' } },
      { service: 'order', isServing: true, missing: [], process: { name: 'order-0' } },
    ]);
  });
});

describe('leaseRows', () => {
  it('has the leases of all, and names of whom none are known', () => {
    expect(leaseRows([audit, ledger, order]).map(({ service, lease }) => [service, lease.name])).toEqual([
      ['order', 'feed.exchange.0'],
    ]);
    expect(withoutLeases([audit, ledger, order])).toEqual(['audit', 'ledger']);
  });
});

describe('lagRows', () => {
  it('has what is late first', () => {
    expect(lagRows([audit, ledger, order]).map(({ what, isLate }) => [what, isLate])).toEqual([
      ['outbox', true],
      ['feed exchange.0', false],
      ['queue order.conditions', false],
    ]);
  });
});
