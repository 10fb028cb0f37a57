import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What analytics needs from its surroundings; it stores nothing. */
export const needs = { name: 'analytics', calls: ['market', 'user'] } as const satisfies ServiceNeeds;
