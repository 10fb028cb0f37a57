import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the mailbox needs from its surroundings. */
export const needs = {
  name: 'mailbox',
  database: { migrations: new URL('./store/migrations/', import.meta.url), poolMax: 4 },
  calls: ['user'],
} as const satisfies ServiceNeeds;
