import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What auto needs from its surroundings. */
export const needs = {
  name: 'auto',
  database: { migrations: new URL('./store/migrations/', import.meta.url), poolMax: 4 },
  bus: { outbox: true },
  calls: ['exchange', 'market', 'order', 'user'],
} as const satisfies ServiceNeeds;
