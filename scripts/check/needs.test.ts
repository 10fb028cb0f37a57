import { describe, expect, it } from 'vitest';
import { findNeedsProblems } from './needs.ts';

const server = (...lines: string[]) => ({ path: 'services/order/server.ts', text: lines.join('\n') });
const ledgerClient = [
  "import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';",
  'const ledger = app.clientOf(LedgerService);',
];

describe('findNeedsProblems', () => {
  it('accepts calls, database and bus that are declared and used', () => {
    const source = server(
      ...ledgerClient,
      "import { on } from '#platform/bus/bus.ts';",
      'const { db, authenticator } = app;',
    );
    const needs = { name: 'order', calls: ['user', 'ledger'], database: {}, bus: {} };
    expect(findNeedsProblems([source], [needs])).toEqual([]);
  });

  it('refuses a declared call that no client uses', () => {
    const needs = { name: 'order', calls: ['ledger', 'market'] };
    expect(findNeedsProblems([server(...ledgerClient)], [needs])).toEqual([
      'order declares that it calls market, and no client does',
    ]);
  });

  it('refuses a client of a service that is not declared', () => {
    expect(findNeedsProblems([server(...ledgerClient)], [{ name: 'order', calls: [] }])).toEqual([
      'services/order/server.ts calls ledger, which order does not declare',
    ]);
  });

  it('refuses a database or bus that is only declared or only used', () => {
    expect(findNeedsProblems([server('')], [{ name: 'order', calls: [], database: {}, bus: {} }])).toHaveLength(2);
    expect(findNeedsProblems([server('app.db')], [{ name: 'order', calls: [] }])).toHaveLength(1);
  });

  it('refuses credentials in a manifest that do not follow from the declaration', () => {
    const manifest = { path: 'k8s/base/order.yaml', text: 'env:\n  - name: BUS_DATABASE_URL\n' };
    const needs = { name: 'order', calls: [], database: {} };
    expect(findNeedsProblems([server('db'), manifest], [needs])).toEqual([
      'k8s/base/order.yaml lacks DATABASE_URL, which order needs',
      'k8s/base/order.yaml gives BUS_DATABASE_URL, which order does not need',
    ]);
  });
});
