import type { LocalDrill } from '../fault.ts';
import { failing, lagging, slow } from './follows.ts';

/** At PostgreSQL and the bus. */
export const serversDrills: readonly LocalDrill[] = [
  {
    name: 'broker-away',
    title: 'The bus does not answer: facts wait in the outboxes.',
    fault: { kind: 'stall', links: ['order>bus', 'ledger>bus', 'notification>bus'] },
    alerts: ['OutboxStuck'],
    withinSeconds: 180,
    also: [...slow, 'DatabaseUnanswered'],
    finding: { code: 'outbox-stuck', subject: /order|ledger/ },
    invariant: 'accounted-for',
  },
  {
    name: 'frozen-database',
    title: 'PostgreSQL stands still with all its connections open.',
    fault: { kind: 'freeze', victims: ['postgres'] },
    alerts: ['DatabaseUnanswered'],
    withinSeconds: 120,
    also: [...failing, ...lagging, 'ShardUnserved', 'ServiceDown'],
    finding: { code: 'process-frozen', subject: /postgres/ },
    invariant: 'accounted-for',
  },
  {
    name: 'full-disk',
    title: 'The disk of PostgreSQL is full.',
    fault: { kind: 'fill' },
    alerts: ['OrdersUnanswered'],
    withinSeconds: 180,
    also: [...failing, ...lagging, 'ShardUnserved', 'DatabaseUnanswered', 'ServiceDown'],
    finding: { code: 'disk-full', subject: /postgres/ },
    invariant: 'accounted-for',
    disk: true,
  },
  {
    name: 'poison-message',
    title: 'An event that no consumer can read.',
    fault: {
      kind: 'change',
      store: 'bus',
      statements: [
        `INSERT INTO bus.log (sequence, id, type, key, payload, traceparent, event_time_ms)
         SELECT nextval('bus.log_sequence'), gen_random_uuid(), types[1], 'poison', '\\xffffffff', '',
           (extract(epoch FROM now()) * 1000)::bigint
         FROM bus.queue WHERE name LIKE 'notification%' ORDER BY name LIMIT 1`,
      ],
      undo: [`DELETE FROM bus.retry WHERE key = 'poison'`, `DELETE FROM bus.log WHERE key = 'poison'`],
    },
    alerts: ['DeadLetters'],
    withinSeconds: 120,
    also: slow,
    finding: { code: 'dead-letters', subject: /notification/ },
    invariant: 'accounted-for',
  },
  {
    name: 'duplicate-event',
    title: 'The bus delivers its last events once more.',
    fault: { kind: 'redeliver' },
    alerts: [],
    withinSeconds: 30,
    also: slow,
    finding: undefined,
    invariant: 'accounted-for',
  },
];
