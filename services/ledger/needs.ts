import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the ledger needs: settlement follows the exchange, the audit asks order and portfolio, and user owns the accounts. */
export const needs = {
  name: 'ledger',
  database: { migrations: new URL('./store/migrations/', import.meta.url) },
  bus: { outbox: true },
  calls: ['exchange', 'order', 'portfolio', 'user'],
} as const satisfies ServiceNeeds;
