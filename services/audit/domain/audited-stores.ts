/** The tables whose final rows are sealed, and what may happen to them by rule. */

/** The services whose stores are read. */
export type StoreName = 'ledger' | 'order' | 'portfolio' | 'exchange' | 'user' | 'notification' | 'auto';

/** A table with final rows. */
export type SealedTable = {
  store: StoreName;
  table: string;
  /** How its blocks are named: by a sequence, by minutes since 1970, or by the first digits of a UUID of version 7. */
  blocks: 'sequence' | 'minute' | 'uuid';
  /** Whether its ids have the market's time; else they have the machine's. */
  isMarketTime?: boolean;
  /** Where the key has the ledger's sequence up to which the rows were proved; absent: they have none. */
  sequence?: 'whole' | 'after-slash';
  /** Whether only the block's digest is remembered, as the rows follow from others. */
  digestOnly?: boolean;
  /** Whether rows of a block may become final, and so appear, after others of it. */
  mayAppear?: boolean;
  /** Whether rows that appear after others of their block are proved by what they show, and not refused. */
  isProvedWhenLate?: boolean;
  /** Whether rows may go by other rules than their age. */
  mayGo?: boolean;
};

/** Of events on their way to the bus: each is deleted as soon as the bus has it. */
const waiting = { blocks: 'sequence', mayAppear: true, mayGo: true } as const;

/** All of them. */
export const sealedTables: readonly SealedTable[] = [
  { store: 'ledger', table: 'entry', blocks: 'sequence', sequence: 'whole' },
  { store: 'ledger', table: 'posting', blocks: 'sequence', digestOnly: true },
  { store: 'ledger', table: 'hold', blocks: 'uuid', isMarketTime: true, mayAppear: true },
  { store: 'ledger', table: 'transfer', blocks: 'uuid', mayAppear: true },
  { store: 'ledger', table: 'adjustment', blocks: 'uuid' },
  { store: 'ledger', table: 'idempotency_key', blocks: 'minute' },
  { store: 'ledger', table: 'inbox', blocks: 'minute' },
  { store: 'ledger', table: 'outbox', ...waiting },
  { store: 'order', table: 'orders', blocks: 'uuid', isMarketTime: true, mayAppear: true },
  { store: 'order', table: 'fills', blocks: 'uuid', isMarketTime: true, mayAppear: true },
  { store: 'order', table: 'inbox', blocks: 'minute' },
  { store: 'order', table: 'outbox', ...waiting },
  { store: 'portfolio', table: 'realized_gain', blocks: 'sequence', sequence: 'after-slash' },
  { store: 'exchange', table: 'journal', blocks: 'sequence', mayAppear: true },
  // All but the newest three are deleted.
  { store: 'exchange', table: 'snapshot', blocks: 'sequence', mayAppear: true, mayGo: true },
  { store: 'exchange', table: 'snapshot_part', blocks: 'sequence', mayAppear: true, mayGo: true },
  { store: 'user', table: 'idempotency_key', blocks: 'minute' },
  { store: 'user', table: 'account_change', blocks: 'uuid' },
  { store: 'user', table: 'outbox', ...waiting },
  { store: 'auto', table: 'idempotency_key', blocks: 'minute' },
  { store: 'auto', table: 'outbox', ...waiting },
  { store: 'notification', table: 'inbox', blocks: 'minute' },
  // Their ids have the times of their events, which come late when the bus was away. A person's oldest are deleted beyond 1,000.
  { store: 'notification', table: 'message', blocks: 'uuid', isProvedWhenLate: true, mayGo: true },
];

/** Whether a block lies before another one of its table. */
export function isBefore(block: string, other: string): boolean {
  return block.length === other.length ? block < other : block.length < other.length;
}

const settleMs = 60_000;

/** The newest block of a table by times that is closed: none of its rows is still being written. */
export function closedBlock(blocks: 'minute' | 'uuid', nowMs: number): number {
  const timeMs = nowMs - settleMs;
  return blocks === 'minute' ? Math.floor(timeMs / 60_000) - 1 : Math.floor(timeMs / 65_536) - 1;
}

/** The newest block of a table by times. */
export function openBlock(blocks: 'minute' | 'uuid', nowMs: number): number {
  return Math.floor(nowMs / (blocks === 'minute' ? 60_000 : 65_536));
}

/** The name of a numbered block. */
export function blockName(blocks: 'minute' | 'uuid', block: number): string {
  return blocks === 'minute' ? String(block) : block.toString(16).padStart(8, '0');
}
