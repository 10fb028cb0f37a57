import { ownerOffset, queueOf } from './matching/level-table.ts';
import { keyOffset, levelOffset, orderWords } from './matching/order-table.ts';
import type { Session } from './matching/session-table.ts';
import { none, OrderStatus } from './model/codes.ts';
import type { Listing } from './model/commands.ts';
import type { CommandImage } from './state/command-memory.ts';
import type { EngineState } from './state/engine-state.ts';
import type { OrderRecords } from './state/order-records.ts';

/** The columns of a record that a snapshot holds; the others are derived. */
const imageColumns = [
  ...(['status', 'side', 'account', 'group', 'book', 'bodyLow', 'bodyHigh', 'revision', 'finalSequence'] as const),
  ...(['finalTimeMs', 'answerSequence', 'answerValue', 'answerTimeMs', 'next'] as const),
];

/** Columns of the records, by key. */
export type RecordColumns = Pick<OrderRecords, (typeof imageColumns)[number]>;

/** A book without its orders. */
export type BookImage = {
  listing: Listing;
  state: number;
  lastPrice: number;
  listingReference: number;
  breakerReference: number;
  timerTimeMs: number;
};

/** An immutable copy of the engine's state between two groups. */
export type StateImage = {
  nowMs: number;
  /** Sequence of the last event. */
  sequence: number;
  tradeCount: number;
  ruleVersion: number;
  /** The last numbers given out: time priorities, acceptances, sessions. */
  priorities: number;
  acceptances: number;
  sessionsBegan: number;
  /** In the order of listing. */
  books: BookImage[];
  sessions: Session[];
  /** Accounts and groups by handle; empty for an unused handle. */
  names: string[];
  records: RecordColumns & {
    /** Number of known orders. */
    count: number;
    /** Number of keys. */
    used: number;
    finalHead: number;
    /** Four words of UUID and six of an outcome for each key. */
    uuids: Uint32Array;
    answers: Int32Array;
  };
  /** Words of the live orders, of their extra terms and of lists. */
  orders: Int32Array;
  extras: Int32Array;
  expireTimesMs: Float64Array;
  lists: Int32Array;
  commands: CommandImage;
};

/** Copies the state, which must be between two groups. Costs about 180 bytes and 50 ns for each known order. */
export function captureState(state: EngineState): StateImage {
  const { nowMs, sequence, tradeCount, ruleVersion, records, matching } = state;
  const { extras, lists, sessions, priorities, acceptances } = matching.state;
  const { used, count, finalHead } = records;
  const columns = Object.fromEntries(imageColumns.map((name) => [name, records[name].slice(0, used)]));
  return {
    ...{ nowMs, sequence, tradeCount, ruleVersion, priorities, acceptances, sessionsBegan: sessions.began },
    books: state.books.map(({ listing, state, lastPrice, listingReference, breakerReference, timerTimeMs }) => ({
      ...{ listing, state, lastPrice, listingReference, breakerReference, timerTimeMs },
    })),
    sessions: [...sessions.byName.values()].map(({ name, account, endTimeMs, handle }) => ({
      name,
      account,
      endTimeMs,
      handle,
    })),
    names: state.names.names.slice(),
    records: {
      ...(columns as RecordColumns),
      ...{ count, used, finalHead },
      uuids: records.uuids.slice(0, used * 4),
      answers: records.answers.slice(0, used * 6),
    },
    orders: copyOrders(state),
    extras: extras.words.slice(),
    expireTimesMs: extras.expireTimeMs.slice(),
    lists: lists.words.slice(),
    commands: state.commands.image(),
  };
}

/** The keys of all final orders, in the order in which they ended. */
export function* finalKeys({ records }: StateImage): Generator<number> {
  for (let key = records.finalHead; key !== none; key = records.next[key]!) yield key;
}

/** The slots of all live orders. */
export function* liveSlots({ orders, records }: StateImage): Generator<number> {
  for (let slot = 0; slot < orders.length; slot += orderWords) {
    const key = orders[slot + keyOffset]!;
    if (key !== none && records.status[key] === OrderStatus.LIVE) yield slot;
  }
}

// Levels are not copied: of them only the queue of each order is needed.
function copyOrders({ matching }: EngineState): Int32Array {
  const { orders, levels } = matching.state;
  const copy = orders.words.slice(0, orders.used);
  for (let slot = 0; slot < copy.length; slot += orderWords) {
    if (copy[slot + keyOffset] !== none)
      copy[slot + levelOffset] = queueOf(levels.words[copy[slot + levelOffset]! + ownerOffset]!);
  }
  return copy;
}
