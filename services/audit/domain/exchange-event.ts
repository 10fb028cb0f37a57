/** The exchange's events as far as they concern money. */
import type { ListPlace } from './list-shadow.ts';

export type Side = 'buy' | 'sell';

/** One side of a trade. */
export type TradeSide = { orderId: string; accountId: string; side: Side; remainingLots: bigint };

/** A trade. */
export type TradeEvent = {
  kind: 'traded';
  sequence: bigint;
  tradeId: string;
  symbol: string;
  priceTicks: bigint;
  lots: bigint;
  maker: TradeSide;
  taker: TradeSide;
  timeMs?: bigint;
};

/** An event about orders, at its position in the shard's feed. */
export type OrderEvent =
  | TradeEvent
  | {
      kind: 'accepted';
      sequence: bigint;
      orderId: string;
      accountId: string;
      symbol: string;
      side: Side;
      priceTicks: bigint;
      /** Of an exit that waits for its entry 0. */
      lots: bigint;
      /** Lots times ticks that it may trade at most; 0 or absent: its lots alone bound it. */
      valueMax?: bigint;
      /** Absent: the order belongs to no list. */
      place?: ListPlace;
      timeMs?: bigint;
    }
  | {
      kind: 'rejected' | 'cancelled';
      sequence: bigint;
      orderId: string;
      accountId: string;
      timeMs: bigint;
      /** The owner's command that asked for it; absent: none did. */
      commandId?: string;
      /** Whether the exchange refused it for want of memory, and does not remember it one by one. */
      isForgotten?: boolean;
    }
  | {
      kind: 'replaced';
      sequence: bigint;
      orderId: string;
      accountId: string;
      priceTicks: bigint;
      lots: bigint;
      remainingLots: bigint;
      timeMs?: bigint;
      commandId?: string;
    };
