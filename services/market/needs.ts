import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the market needs from its surroundings. */
export const needs = {
  name: 'market',
  database: { migrations: new URL('./store/migrations/', import.meta.url) },
  calls: ['exchange', 'user'],
} as const satisfies ServiceNeeds;
