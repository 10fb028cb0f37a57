import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the order service needs from its surroundings. */
export const needs = {
  name: 'order',
  database: { migrations: new URL('./store/migrations/', import.meta.url) },
  bus: { outbox: true },
  calls: ['exchange', 'ledger', 'market', 'user'],
} as const satisfies ServiceNeeds;
