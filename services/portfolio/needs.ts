import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the portfolio service needs: it applies the ledger's feed and values holdings at the market's prices. */
export const needs = {
  name: 'portfolio',
  database: { migrations: new URL('./store/migrations/', import.meta.url) },
  calls: ['ledger', 'market', 'user'],
} as const satisfies ServiceNeeds;
