import { NONE, OrderStatus } from './codes.ts';
import type { CommandImage } from './command-memory.ts';
import type { Listing } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import type { OrderTable } from './order-table.ts';

/** The columns of an order that a snapshot holds; levels, neighbours and hashes follow from them. */
const imageColumns = [
  ...(['status', 'side', 'timeInForce', 'selfTrade', 'postOnly', 'account', 'group', 'book', 'price'] as const),
  ...(['quantity', 'remaining', 'submittedPrice', 'submittedQuantity', 'revision', 'next', 'stamp'] as const),
  ...(['finalTimeMs', 'answerReason', 'answerDetailA', 'answerDetailB', 'answerTraded', 'answerResting'] as const),
  ...(['answerRevision', 'answerSequence'] as const),
];

/** Columns of orders, by slot. */
export type OrderColumns = Pick<OrderTable, (typeof imageColumns)[number]>;

/** A copy of all that the engine knows between two groups. It stays as it is while the engine goes on. */
export type StateImage = {
  nowMs: number;
  /** Sequence of the last event. */
  sequence: number;
  tradeCount: number;
  ruleVersion: number;
  /** In the order of listing. */
  books: { listing: Listing; state: number; lastPrice: number }[];
  /** Accounts and groups by handle; empty where no order refers to the handle. */
  names: string[];
  orders: OrderColumns & {
    /** Orders that are known. */
    count: number;
    /** Slots of the columns. */
    used: number;
    finalHead: number;
    /** Four words of UUID a slot. */
    uuids: Uint32Array;
  };
  commands: CommandImage;
};

/** Copies the state, which must be between two groups. Costs about 100 bytes and 50 ns for each known order. */
export function captureState(state: EngineState): StateImage {
  const { nowMs, sequence, tradeCount, ruleVersion, orders } = state;
  const { used, count, finalHead } = orders;
  const columns = Object.fromEntries(imageColumns.map((name) => [name, orders[name].slice(0, used)]));
  return {
    ...{ nowMs, sequence, tradeCount, ruleVersion },
    books: state.books.map(({ listing, state, lastPrice }) => ({ listing, state, lastPrice })),
    names: state.names.names.slice(),
    orders: {
      ...(columns as OrderColumns),
      ...{ count, used, finalHead, uuids: orders.index.words.slice(0, used * 4) },
    },
    commands: state.commands.image(),
  };
}

/** The slots of all known orders: those that rest, then the final ones in the order in which they ended. */
export function* knownSlots({ orders }: StateImage): Generator<number> {
  for (let slot = 0; slot < orders.used; slot++) if (orders.status[slot] === OrderStatus.LIVE) yield slot;
  for (let slot = orders.finalHead; slot !== NONE; slot = orders.next[slot]!) yield slot;
}
