import { cumulativeFeeMicros } from '#platform/money/fees.ts';
import { type Order, ownRefusal, type Refusal } from './order.ts';
import { waits } from './order-kind.ts';
import { moveTo } from './order-state.ts';

/** The journalled outcome of a command. */
export type ExchangeAnswer = {
  refusal: Refusal | undefined;
  /** Sequence of the feed's last event of this command; 0 when the command has no event. */
  feedSequence: bigint;
  /** Lots that the order traded in the command. */
  tradedLots: bigint;
  /** Lots times ticks of these trades; 0 although there were some when the exchange does not remember it for a repeated command. */
  tradedValue: bigint;
  /** Lots that are still open after the command. */
  restingLots: bigint;
  /** Journalled time of the command, Unix milliseconds; 0 when it was not journalled. */
  timeMs: number;
};

/**
 * A pending order as the exchange has answered its Submit, so that its caller need not wait for the feed, which brings the same. The order was
 * the taker of all that it traded at once. Undefined when the answer leaves open what the fills were worth, or how the order is: whether it
 * waits, at which price it slid, what self-trade prevention has left of it, or whether its amount is spent.
 */
export function applyAnswer(
  order: Order,
  { refusal, tradedLots, tradedValue, restingLots, timeMs }: ExchangeAnswer,
): Order | undefined {
  const updateTimeMs = timeMs === 0 ? order.updateTimeMs : timeMs;
  if (refusal !== undefined) {
    return { ...moveTo(order, 'rejected', 'feed'), refusal: ownRefusal(order, refusal), updateTimeMs };
  }
  if ((tradedValue === 0n && tradedLots > 0n) || mayChange(order)) return undefined;
  const takerValueMicros = tradedValue * order.tickLotMicros;
  const values = { makerValueMicros: 0n, takerValueMicros };
  const traded: Order = {
    ...order,
    ...values,
    filledLots: tradedLots,
    updateTimeMs,
    feeMicros: cumulativeFeeMicros(order, order.side, values),
  };
  if (restingLots > 0n) return moveTo(traded, 'open', 'feed');
  if (tradedLots === order.quantityLots) return moveTo(traded, 'filled', 'feed');
  return moveTo(moveTo(traded, 'open', 'feed'), 'cancelled', 'feed');
}

/** Whether the exchange may have changed the order in the command that brought it. */
function mayChange(order: Order): boolean {
  const { slide, selfTrade, amountMicros } = order.specials ?? {};
  return waits(order) || slide === true || selfTrade === 'decrement' || amountMicros !== undefined;
}
