import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { connectionsOf, networkPolicies } from './network-policies.ts';

const edges = [
  { callee: 'ledger', caller: 'order', paths: ['/outcry.ledger.v1.LedgerInternalService/PlaceHolds'] },
  { callee: 'ledger', caller: 'gateway', paths: ['/outcry.ledger.v1.LedgerService/Deposit'] },
];
const podSelector = (name: string) => ({ podSelector: { matchLabels: { 'outcry.dev/service': name } } });

describe('networkPolicies', () => {
  const connections = [...connectionsOf(edges), { from: 'ledger', to: 'postgres', port: 5432 }];
  const specs = new Map(networkPolicies(connections).map(({ name, text }) => [name, parse(text).spec]));

  it('opens each end of an edge for the other, on its port alone', () => {
    expect(specs.get('network/connect-ledger.yaml')).toMatchObject({
      ...podSelector('ledger'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [podSelector('gateway'), podSelector('order')], ports: [{ protocol: 'TCP', port: 9000 }] }],
      egress: [{ to: [podSelector('postgres')], ports: [{ protocol: 'TCP', port: 5432 }] }],
    });
  });

  it('opens nothing else', () => {
    expect(specs.get('network/connect-order.yaml')).not.toHaveProperty('ingress');
    expect(specs.get('network/connect-postgres.yaml')).not.toHaveProperty('egress');
    expect([...specs.keys()]).toEqual(
      ['gateway', 'ledger', 'order', 'postgres'].map((name) => `network/connect-${name}.yaml`),
    );
  });
});
