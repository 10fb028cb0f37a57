/** Deliberate faults: small changes of the sources, each of which a run must find. None of them is in any code that ships. */
import type { Edit } from './copy-tree.ts';
import { submitMeetsCompensation } from './late-submit.ts';
import type { Scenario } from './scenario.ts';
import {
  busBreaks,
  holderPauses,
  journalIsLost,
  limitsAreReached,
  redelivery,
  repeatedCallbacks,
  repeatedTransfers,
  settlementDies,
  settlementIsKilled,
} from './scenarios.ts';

/** A fault, the run that shows it, and the rules one of which must be found broken. */
export type Mutant = { name: string; edits: Edit[]; scenario: Scenario; caughtBy: RegExp };

/** All of them. */
export const mutants: readonly Mutant[] = [
  {
    name: 'skip the inbox',
    edits: [
      {
        path: 'platform/bus/consume-events.ts',
        find: `\`INSERT INTO platform.inbox (queue, event_id) SELECT $1, event_id FROM unnest($2::uuid[]) AS event_id
     ON CONFLICT DO NOTHING RETURNING event_id\``,
        replace: "`SELECT event_id FROM unnest($2::uuid[]) AS event_id WHERE $1::text <> ''`",
      },
    ],
    scenario: redelivery,
    caughtBy: /^event-passed-the-inbox$/,
  },
  {
    name: 'publish without confirm',
    edits: [
      {
        path: 'platform/bus/outbox-relay.ts',
        find: 'if (page.length > 0) await bus.publish(page.map(({ event }) => event));',
        replace: 'if (page.length > 0) void bus.publish(page.map(({ event }) => event)).catch(() => {});',
      },
    ],
    scenario: busBreaks,
    caughtBy: /^fact-is-published-once$/,
  },
  {
    name: 'retry without key',
    edits: [
      {
        path: 'platform/idempotency/run-idempotent.ts',
        find: `     ON CONFLICT (scope, key) DO NOTHING\`,
    [scope, key, fingerprint],`,
        replace: `     ON CONFLICT (scope, key) DO NOTHING\`,
    [scope, \`\${key} \${process.hrtime.bigint()}\`, fingerprint],`,
      },
    ],
    scenario: repeatedTransfers,
    caughtBy: /^key-has-one-transfer$/,
  },
  {
    name: 'settle without position',
    edits: [
      {
        path: 'platform/feed/feed-applier.ts',
        find: `      await advanceFenced(tx, { feed, from: this.#position, to, seen }, this.#fence);
      return entries.length === 0 ? undefined : apply(tx, entries, to);
    });`,
        replace: `      return entries.length === 0 ? undefined : apply(tx, entries, to);
    });
    await db.transaction((tx) => advanceFenced(tx, { feed, from: this.#position, to, seen }, this.#fence));`,
      },
    ],
    scenario: settlementDies,
    caughtBy: /^(quiet-in-time|trade-booked-whole|owned-equals-.*)$/,
  },
  {
    name: 'answer before commit',
    edits: [
      {
        path: 'services/exchange/replication/sequencer.ts',
        find: '        if (group) await this.#options.commit(group);\n',
        replace: `        answer(next.calls, next.matched.outcomes);
        if (group) await this.#options.commit(group);
`,
      },
    ],
    scenario: journalIsLost,
    caughtBy: /^acknowledged-cancel-ends-order$/,
  },
  {
    name: 'release before void',
    edits: [
      {
        path: 'services/order/saga/compensate-order.ts',
        find: '  const voided = await deps.exchange.void(compensating);\n',
        replace: `  await deps.holds.release(order.orderId);
  const voided = await deps.exchange.void(compensating);
`,
      },
    ],
    scenario: submitMeetsCompensation,
    caughtBy: /^(quiet-in-time|journalled-trade-is-settled|trade-is-settled)$/,
  },
  {
    name: 'ignore the fence',
    edits: [
      {
        path: 'platform/feed/position.ts',
        find: '     WHERE name = $1 AND sequence = $2 AND EXISTS (SELECT FROM lease)`',
        replace: '     WHERE name = $1 AND $2::bigint >= 0`',
      },
    ],
    scenario: holderPauses,
    caughtBy: /^(quiet-in-time|trade-.*|journalled-.*|owned-.*|fills-.*|open-.*)$/,
  },
  {
    name: 'key after limits',
    edits: [
      {
        path: 'services/order/saga/place-intents.ts',
        find: '  if (existing !== undefined) return { kind: existingKind(existing, request), order: existing };\n',
        replace: '',
      },
      {
        path: 'services/order/saga/place-intents.ts',
        find: "  if (admission.kind === 'limited') return { kind: 'limited' };\n",
        replace: `  if (admission.kind === 'limited') return { kind: 'limited' };
  if (existing !== undefined && admission.kind === 'refused')
    return { kind: 'refused', order: { ...existing, state: 'rejected', refusal: admission.refusal } };
  if (existing !== undefined) return { kind: 'exists', order: existing };
`,
      },
    ],
    scenario: limitsAreReached,
    caughtBy: /^answers-agree$/,
  },
  {
    name: 'skip a feed gap',
    // The first entry of every page is lost, and the hole is passed over.
    edits: [
      {
        path: 'platform/feed/feed-applier.ts',
        find: `    for (const entry of entries) {
      if (entry.sequence !== this.#taken + 1n) await this.#meetGap(entry.sequence);
`,
        replace: `    for (const entry of entries.length > 1 ? entries.slice(1) : entries) {
`,
      },
    ],
    scenario: settlementIsKilled,
    caughtBy: /^(journalled-trade-is-settled|trade-is-settled|open-order-has-its-hold|owned-equals-fills)$/,
  },
  {
    name: 'pay a callback twice',
    edits: [
      {
        path: 'services/ledger/store/payments/events.ts',
        find: '  return rowCount === 1;\n',
        replace: '  return rowCount >= 0;\n',
      },
      {
        path: 'services/ledger/domain/payment-check.ts',
        find: "    return isAgreed ? 'nothing' : ",
        replace: "    return payment.state === 'completed' ? 'book' : isAgreed ? 'nothing' : ",
      },
      {
        path: 'services/ledger/transfers/apply-payment.ts',
        find: "  if (!isPending) throw new Error('a transfer changed under its lock');\n",
        replace: '',
      },
      {
        path: 'services/ledger/transfers/apply-payment.ts',
        find: 'import { isUuidV7 } from',
        replace: 'import { isUuidV7, uuidV7 } from',
      },
      // The database would refuse a second entry of the transfer.
      {
        path: 'services/ledger/transfers/apply-payment.ts',
        find: '  const entry = bookTransfer(transfer, sheet);\n',
        replace: `  const transferId = transfer.status === 'pending' ? transfer.transferId : uuidV7();
  const entry = bookTransfer({ ...transfer, transferId }, sheet);
`,
      },
    ],
    scenario: repeatedCallbacks,
    caughtBy: /^transfer-booked-once$/,
  },
];
