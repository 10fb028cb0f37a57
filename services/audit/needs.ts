import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the audit needs: it reads the stores of all that money depends on, and publishes what it finds. */
export const needs = {
  name: 'audit',
  database: { migrations: new URL('./store/migrations/', import.meta.url), poolMax: 3 },
  bus: { outbox: true },
  calls: ['auto', 'exchange', 'ledger', 'notification', 'order', 'portfolio', 'user'],
} as const satisfies ServiceNeeds;
