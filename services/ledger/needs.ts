import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the ledger needs: settlement follows the exchange, user owns the accounts, and the audit answers for its former RPC here. */
export const needs = {
  name: 'ledger',
  database: { migrations: new URL('./store/migrations/', import.meta.url) },
  bus: { outbox: true },
  secret: true,
  calls: ['audit', 'exchange', 'user'],
} as const satisfies ServiceNeeds;
