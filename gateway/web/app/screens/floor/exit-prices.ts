/** Exits of a bracket that were filled in as money: what the take-profit should earn, what the stop may lose. */
import { divided, microsText, parseMicros, roundedDown } from '../../figures/decimal.ts';
import type { Draft } from './draft-values.ts';

/**
 * The draft with its exits as prices. The price of the take-profit earns at least the money, that of the stop loses at most it, before fees, by
 * whole ticks (`tick` in millionths). Unchanged where exits are prices, or a figure is missing or none.
 */
export function withExitPrices(draft: Draft, tick: bigint): Draft {
  if (draft.type !== 'bracket' || draft.exitsIn !== 'money') return draft;
  const [quantity, entry] = [parseMicros(draft.quantity), parseMicros(draft.limitPrice)];
  if (quantity === undefined || quantity <= 0n || entry === undefined) return draft;
  const isBuy = draft.side === 'buy';
  const priceOf = (money: string, isAbove: boolean) => {
    const micros = parseMicros(money);
    const distance = micros === undefined ? undefined : divided(micros, quantity);
    if (distance === undefined) return money;
    // Upwards to a tick in both cases: more is earned above, less is lost below.
    const price = isAbove ? entry + distance : entry - distance;
    const ticks = isBuy ? -roundedDown(-price, tick) : roundedDown(price, tick);
    return microsText(ticks);
  };
  return {
    ...draft,
    exitsIn: 'price',
    targetPrice: priceOf(draft.targetPrice, isBuy),
    stopPrice: priceOf(draft.stopPrice, !isBuy),
  };
}
