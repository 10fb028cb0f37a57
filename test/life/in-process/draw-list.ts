/** Random lists of orders: OCO, OTO and bracket. */
import type { Random } from '../../../bench/load/index.ts';
import { ListType, type SubmitCommand, type SubmitListCommand } from '../../../services/exchange/index.ts';
import type { ListRole } from '../../../services/ledger/index.ts';
import { type Ask, drawEntry, drawExit } from './draw-orders.ts';

/** A list, with the place of each of its orders as the ledger names it. */
export type DrawnList = Pick<SubmitListCommand, 'type' | 'orders'> & {
  name: 'oco' | 'oto' | 'bracket';
  roles: readonly ListRole[];
};

/** A list; `askLike` asks for another order of the same account, book and side; `shared` is the same in all orders. */
export function drawList(
  random: Random,
  askLike: (like?: Ask) => Ask,
  shared: Pick<SubmitCommand, 'quantityLots' | 'selfTrade'>,
): DrawnList {
  const first = askLike();
  const exit = (isProfit: boolean) => ({ ...drawExit(random, askLike(first), isProfit), ...shared });
  const entry = () => ({ ...drawEntry(random, { ...askLike(first), isBuy: !first.isBuy }), ...shared });
  switch (random.below(3)) {
    case 0:
      return list('oco', ListType.OCO, [exit(true), exit(false)]);
    case 1:
      return list('oto', ListType.OTO, [entry(), exit(random.below(2) === 0)]);
    default:
      return list('bracket', ListType.BRACKET, [entry(), exit(true), exit(false)]);
  }
}

function list(name: DrawnList['name'], type: ListType, orders: SubmitCommand[]): DrawnList {
  const exits: ListRole[] = ['first-exit', 'second-exit'];
  return { name, type, orders, roles: name === 'oco' ? exits : ['entry', ...exits] };
}
