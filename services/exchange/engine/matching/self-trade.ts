import { CancelReason, none, SelfTrade } from '../model/codes.ts';
import { EventFlag } from '../model/event-buffer.ts';
import { emitReplaced } from './emit-replaced.ts';
import { cancelOrder } from './finish.ts';
import type { MatchingState } from './matching-state.ts';
import { flagsOffset, keyOffset, openOffset, quantityOffset, selfTradeOf } from './order-table.ts';
import { shrink } from './queues.ts';

/** Keeps two orders of one group from trading, by the mode of the arriving one; the resting one is told first. */
export function preventSelfTrade(state: MatchingState, maker: number, taker: number): void {
  const { words } = state.orders;
  const mode = selfTradeOf(words[taker + flagsOffset]!);
  if (mode === SelfTrade.DECREMENT) {
    decrementBoth(state, maker, taker);
    return;
  }
  const takerKey = words[taker + keyOffset]!;
  if (mode !== SelfTrade.CANCEL_NEWEST) cancelOrder(state, maker, CancelReason.SELF_TRADE, 0);
  if (mode !== SelfTrade.CANCEL_OLDEST) cancelLive(state, taker, takerKey);
}

// The smaller order is cancelled whole; the greater one loses as many lots and goes on.
function decrementBoth(state: MatchingState, maker: number, taker: number): void {
  const { words } = state.orders;
  const [makerOpen, takerOpen, takerKey] = [
    words[maker + openOffset]!,
    words[taker + openOffset]!,
    words[taker + keyOffset]!,
  ];
  if (makerOpen <= takerOpen) cancelOrder(state, maker, CancelReason.SELF_TRADE, 0);
  else decrement(state, maker, takerOpen);
  if (takerOpen <= makerOpen) cancelLive(state, taker, takerKey);
  else if (words[taker + keyOffset] === takerKey) decrement(state, taker, makerOpen);
}

// The end of the maker may have ended the taker: they may be of one list.
function cancelLive(state: MatchingState, slot: number, key: number): void {
  if (state.orders.words[slot + keyOffset] === key && key !== none)
    cancelOrder(state, slot, CancelReason.SELF_TRADE, 0);
}

function decrement(state: MatchingState, slot: number, lots: number): void {
  shrink(state, slot, lots);
  state.orders.words[slot + quantityOffset]! -= lots;
  emitReplaced(state, slot, EventFlag.PRIORITY_KEPT);
}
