import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the user service needs from its surroundings. It verifies tokens with its own keys; its secret makes API keys. */
export const needs = {
  name: 'user',
  database: { migrations: new URL('./store/migrations/', import.meta.url) },
  bus: { outbox: true },
  secret: true,
  calls: [],
} as const satisfies ServiceNeeds;
