import type { LocalDrill } from '../fault.ts';
import { failing, lagging, slow } from './follows.ts';

/** Rows that should not be as they are. */
export const rowsDrills: readonly LocalDrill[] = [
  {
    name: 'stuck-transfer',
    title: 'The payment provider never says what has come of a deposit.',
    fault: {
      kind: 'change',
      store: 'ledger',
      statements: [
        `INSERT INTO transfer (transfer_id, account_id, kind, amount_micros, status, progress, idempotency_key, create_time, attempts, next_attempt_time)
         SELECT gen_random_uuid(), account_id, 'deposit', 10000, 'pending', 'requested', 'drill', now(), 12, now() + interval '1 day'
         FROM transfer LIMIT 1`,
      ],
      undo: [`DELETE FROM transfer WHERE idempotency_key = 'drill'`],
    },
    alerts: ['TransfersStuck'],
    withinSeconds: 1_200,
    also: [...slow, 'AuditFinding'],
    finding: { code: 'transfers-stuck', subject: /ledger/ },
    invariant: 'accounted-for',
  },
  {
    name: 'mails-wait',
    title: 'More mails wait than the mail server takes.',
    fault: {
      kind: 'change',
      store: 'notification',
      statements: [
        `INSERT INTO delivery (delivery_id, fact_id, account_id, kind, subject, text, fact_time, next_attempt_time)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'drill', 'drill', 'drill', now(), now() + interval '1 day'
         FROM generate_series(1, 1001)`,
      ],
      undo: [`DELETE FROM delivery WHERE kind = 'drill'`],
    },
    alerts: ['MailsWaiting'],
    withinSeconds: 900,
    also: [...slow, 'AuditFinding'],
    finding: { code: 'mails-waiting', subject: /notification/ },
    invariant: 'accounted-for',
  },
  {
    name: 'changed-balance',
    title: 'Someone changes a balance by a cent.',
    fault: {
      kind: 'change',
      store: 'ledger',
      statements: [
        `UPDATE balance SET available = available + 10000 WHERE ctid = (SELECT min(ctid) FROM balance WHERE asset = 'USD')`,
      ],
      undo: [],
    },
    alerts: ['AuditFinding'],
    withinSeconds: 120,
    also: slow,
    finding: { code: 'audit-finding', subject: /audit/ },
    invariant: 'named',
  },
  {
    name: 'lost-order',
    title: 'Orders that are in the book are lost in the order service.',
    fault: { kind: 'change', store: 'order', statements: [`DELETE FROM orders WHERE state = 'open'`], undo: [] },
    alerts: ['FeedSurprises'],
    withinSeconds: 120,
    also: [...failing, 'AuditFinding'],
    finding: { code: 'feed-surprises', subject: /order/ },
    invariant: 'named',
  },
  {
    name: 'lost-feed-tail',
    title: 'The end of the journal is lost, as after a restore to an earlier time.',
    fault: {
      kind: 'change',
      store: 'exchange',
      statements: [
        'DELETE FROM journal WHERE group_number > (SELECT max(group_number) - 20 FROM journal)',
        'DELETE FROM snapshot_part',
        'DELETE FROM snapshot',
      ],
      undo: [],
      thenKill: ['exchange-*'],
    },
    alerts: ['FeedHalted'],
    withinSeconds: 120,
    also: [...failing, ...lagging, 'ShardUnserved', 'ServiceDown', 'AuditFinding', 'FeedSurprises'],
    finding: { code: 'feed-halted', subject: /exchange\.0/ },
    invariant: 'halted',
  },
];
