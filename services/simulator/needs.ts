import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the simulator needs from its surroundings. Its database has the lease of the one replica that trades. */
export const needs = {
  name: 'simulator',
  database: { poolMax: 2 },
  calls: ['ledger', 'market', 'order', 'user'],
} as const satisfies ServiceNeeds;
