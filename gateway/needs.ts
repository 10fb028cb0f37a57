import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';

/** What the gateway needs from its surroundings: every service with a public RPC. `contracts.test.ts` compares the list with them. */
export const needs = {
  name: 'gateway',
  calls: [
    'analytics',
    'audit',
    'auto',
    'exchange',
    'ledger',
    'mailbox',
    'market',
    'notification',
    'order',
    'portfolio',
    'user',
  ],
} as const satisfies ServiceNeeds;
