import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What notification needs from its surroundings. */
export const needs = {
  name: 'notification',
  database: { migrations: new URL('./store/migrations/', import.meta.url), poolMax: 4 },
  bus: { outbox: false },
  calls: ['user'],
} as const satisfies ServiceNeeds;
