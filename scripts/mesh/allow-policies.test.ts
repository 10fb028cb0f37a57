import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allowPolicy, allowPostgres, edgesOf } from './allow-policies.ts';
import type { MeshRpc } from './contracts.ts';

const placeHolds: MeshRpc = {
  path: '/outcry.ledger.v1.LedgerInternalService/PlaceHolds',
  callee: 'ledger',
  callers: ['order'],
  isPublic: false,
  isForOperators: false,
  retry: 'timed',
};
const deposit: MeshRpc = {
  path: '/outcry.ledger.v1.LedgerService/Deposit',
  callee: 'ledger',
  callers: ['gateway'],
  isPublic: true,
  isForOperators: false,
  retry: 'timed',
};

describe('edgesOf', () => {
  it('makes one edge of all that a caller may call of a callee', () => {
    const release = { ...placeHolds, path: '/outcry.ledger.v1.LedgerInternalService/ReleaseHolds' };
    expect(edgesOf([release, placeHolds])).toEqual([
      { callee: 'ledger', caller: 'order', paths: [placeHolds.path, release.path] },
    ]);
  });

  it('lets the gateway follow the health of a callee, which it shows', () => {
    const [edge] = edgesOf([deposit]);
    expect(edge?.paths).toEqual(['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch', deposit.path]);
  });
});

describe('allowPolicy', () => {
  it('names the identity of the caller and the exact paths', () => {
    const { name, text } = allowPolicy({ callee: 'ledger', caller: 'order', paths: [placeHolds.path] });
    expect(name).toBe('allow-ledger-from-order.yaml');
    expect(parse(text)).toMatchObject({
      kind: 'AuthorizationPolicy',
      metadata: { name: 'allow-ledger-from-order' },
      spec: {
        selector: { matchLabels: { 'outcry.dev/service': 'ledger' } },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { serviceAccounts: ['order'] } }],
            to: [{ operation: { ports: ['9000'], methods: ['POST'], paths: [placeHolds.path] } }],
          },
        ],
      },
    });
  });
});

describe('the folder of a policy', () => {
  it('is that of the component which brings one of its two services', () => {
    const nameOf = (callee: string, caller: string) => allowPolicy({ callee, caller, paths: [] }).name;
    expect(nameOf('mailbox', 'gateway')).toBe('mail/allow-mailbox-from-gateway.yaml');
    expect(nameOf('user', 'simulator')).toBe('simulator/allow-user-from-simulator.yaml');
    expect(allowPostgres(['order']).name).toBe('postgres/allow-postgres-from-services.yaml');
  });
});

describe('allowPostgres', () => {
  it('names the identity of each service with a database', () => {
    const { spec } = parse(allowPostgres(['ledger', 'order']).text);
    expect(spec.rules[0].from[0].source.serviceAccounts).toEqual(['ledger', 'order']);
  });
});
