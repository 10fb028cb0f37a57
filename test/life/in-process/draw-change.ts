/** Random changes of open orders, as the type of the order permits. */
import type { Random } from '../../../bench/load/index.ts';
import { ListType, OrderType, plainChange, type ReplaceCommand } from '../../../services/exchange/index.ts';
import { type Ask, beyond, drawLots } from './draw-orders.ts';
import type { TrueOrder } from './truth.ts';

const rangeTicks = 60;
const worstTicks = 600;
const moreLotsMax = 10;
const lifeMsMax = 20_000;

/**
 * A change under a key of its own, around the price of `ask`. The quantity of an exit stays `heldLots`, as it follows the other orders of its list; one
 * in twenty names a revision that the order does not have.
 */
export function drawChange(
  random: Random,
  { orderId, accountId, symbol, side, revision, terms, list }: TrueOrder,
  { ask: { ...ask }, commandId, heldLots }: { ask: Ask; commandId: string; heldLots: number },
): ReplaceCommand {
  ask.isBuy = side === 'buy';
  const isExit = list !== undefined && (list.type === ListType.OCO || list.place > 0);
  const distance = random.below(5) === 0 ? random.below(rangeTicks) : -1 - random.below(rangeTicks);
  const isPlain = terms.type === OrderType.LIMIT || terms.type === OrderType.ICEBERG;
  const isStop = terms.type === OrderType.STOP || terms.type === OrderType.STOP_LIMIT;
  const often = () => random.below(2) === 0;
  return {
    ...{ kind: 'replace', commandId, orderId, accountId, symbol, ...plainChange },
    priceTicks: beyond(ask, isPlain ? distance : worstTicks),
    quantityLots: isExit ? heldLots : drawLots(random) + random.below(moreLotsMax),
    expectedRevision: random.below(20) === 0 ? revision + 1 : revision,
    ...(isStop && often() ? { stopPriceTicks: beyond(ask, random.below(rangeTicks)) } : {}),
    ...(terms.trailTicks > 0 && often() ? { trailTicks: 5 + random.below(rangeTicks) } : {}),
    ...(terms.trailBps > 0 && often() ? { trailBps: 5 + random.below(rangeTicks) } : {}),
    ...(terms.expireTimeMs > 0 && often() ? { expireTimeMs: ask.idTimeMs + random.below(lifeMsMax) } : {}),
  };
}
