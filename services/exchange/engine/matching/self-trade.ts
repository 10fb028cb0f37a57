import { CancelReason, none, SelfTrade } from '../model/codes.ts';
import { EventFlag } from '../model/event-buffer.ts';
import { emitReplaced } from './emit-replaced.ts';
import { cancelOrder } from './finish.ts';
import type { MatchingState } from './matching-state.ts';
import { flagsOffset, keyOffset, openOffset, quantityOffset, selfTradeOf } from './order-table.ts';
import { reduceOpen } from './queues.ts';

/** Prevents a trade of two orders of one group, by the mode of the arriving one; the event of the resting one is first. */
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

// The smaller order is cancelled; the greater one is reduced by as many lots.
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

// The maker's cancel may have cancelled the taker: both can be of one list.
function cancelLive(state: MatchingState, slot: number, key: number): void {
  if (state.orders.words[slot + keyOffset] === key && key !== none)
    cancelOrder(state, slot, CancelReason.SELF_TRADE, 0);
}

function decrement(state: MatchingState, slot: number, lots: number): void {
  reduceOpen(state, slot, lots);
  state.orders.words[slot + quantityOffset]! -= lots;
  emitReplaced(state, slot, EventFlag.PRIORITY_RETAINED);
}
