import {
  type AuditedTable,
  type AuditedTables,
  blocksOfMinute,
  blocksOfSequence,
  minuteBefore,
} from './audited-table.ts';

const bytes = (column: string) => `encode(${column}, 'hex') AS ${column}`;

/** The tables that platform/ has in the database of a service with keyed answers and events. */
export const platformTables = {
  /** Answers under keys; the one of a running call is not among them, as it has no answer yet. */
  idempotency_key: {
    from: 'platform.idempotency_key',
    key: `scope || ' ' || key`,
    keyColumns: ['scope', 'key'],
    columns: ['fingerprint', bytes('answer')],
    hashed: ['answer', 'create_time'],
    ...blocksOfMinute('create_time'),
    oldestBlock: minuteBefore('7 days'),
    ids: `key = ANY($1::text[])`,
  },
  inbox: {
    from: 'platform.inbox',
    key: `queue || ' ' || event_id`,
    keyColumns: [],
    columns: ['queue', 'event_id'],
    hashed: ['receive_time'],
    ...blocksOfMinute('receive_time'),
    oldestBlock: minuteBefore('1 day'),
    ids: 'event_id = ANY($1::text[]::uuid[])',
  },
  /** Events that the bus does not have yet: the next ones, however many wait. */
  outbox: {
    from: '(SELECT * FROM platform.outbox ORDER BY sequence LIMIT 10000) AS outbox',
    key: 'sequence',
    keyColumns: ['sequence'],
    columns: ['id', 'type', 'key', bytes('payload')],
    hashed: ['payload', 'create_time'],
    ...blocksOfSequence('sequence'),
  },
  /** Any of those events, by its id. */
  outbox_event: {
    from: 'platform.outbox',
    key: 'id',
    keyColumns: [],
    columns: [],
    ids: 'id = ANY($1::text[]::uuid[])',
  },
} satisfies AuditedTables;

/** Events of a queue that have taken effect, by their ids. */
export function receivedBy(queue: string): AuditedTable {
  return {
    from: 'platform.inbox',
    key: 'event_id',
    keyColumns: [],
    columns: [],
    ids: `queue = '${queue}' AND event_id = ANY($1::text[]::uuid[])`,
  };
}
