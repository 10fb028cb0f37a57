import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the exchange needs from its surroundings. The pool of three is the journal's writer's; readers have one of their own. */
export const needs = {
  name: 'exchange',
  database: { migrations: new URL('./store/migrations/', import.meta.url), poolMax: 3 },
  calls: ['user'],
} as const satisfies ServiceNeeds;
