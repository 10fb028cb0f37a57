/** An auction that a run begins with: in later ones all books have a reference, and seldom is as much bid as asked. */
import { Side, TradingState } from '../../engine/model/codes.ts';
import type { Command, SetStateCommand, SubmitCommand } from '../../engine/model/commands.ts';
import { order } from '../../engine/testing/driver.ts';
import type { OrderName } from './random-orders.ts';
import type { RandomSource } from './random-source.ts';

/** The commands of an auction of two to six orders of few sizes, in a book that is listed and empty. */
export function randomAuction(random: RandomSource, nextName: () => OrderName): Command[] {
  const symbol = random.pick(['FRESH', 'FRESH', 'PLAIN']);
  const spread = random.between(0, 6);
  const orders = Array.from({ length: random.between(2, 6) }, (_, i): SubmitCommand => {
    const isBuy = i === 0 || (i > 1 && random.percent(50));
    const away = random.between(-2, spread);
    const terms = isBuy ? { side: Side.BUY, priceTicks: 100 + away } : { side: Side.SELL, priceTicks: 100 - away };
    const rest = { symbol, accountId: isBuy ? 'a' : 'b', quantityLots: random.pick([2, 2, 4]) };
    return { ...order(0, { ...terms, ...rest }), ...nextName() };
  });
  const become = (state: TradingState): SetStateCommand => {
    return { kind: 'setState', commandId: `auction ${state}`, symbol, state };
  };
  return [become(TradingState.PRE_OPEN), ...orders, become(TradingState.CONTINUOUS)];
}
