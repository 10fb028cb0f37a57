/** The most shares that the draft can be placed with. */
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { orders } from '../../rpc/clients.ts';
import { account } from '../../store/account.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { affordable } from './affordable.ts';
import { draft, plainDraft } from './draft.ts';
import { termsOf } from './draft-terms.ts';
import { steps } from './preview.ts';
import { quantityMax, takerBps } from './ticket-facts.ts';

// Types whose worst price the server sets, so that it has to be asked.
const protectedTypes = ['market', 'stop', 'trailing'];

/** In millionths; of a buy what the free cash pays at the worst price with the fee. Never rejects: an estimate where the server is not reached. */
export async function greatestQuantity(): Promise<bigint> {
  const { side, type } = draft.peek();
  if (side === 'sell' || !protectedTypes.includes(type)) return quantityMax.peek();
  const { lot } = steps.peek();
  const [terms] = termsOf({ ...plainDraft(), quantity: microsText(lot), sizedBy: 'shares' }, selectedSymbol.peek());
  const answer = terms && (await orders.previewOrder({ terms }).catch(() => undefined));
  const worst = parseMicros(answer?.limitPrice);
  const cash = parseMicros(account.peek()?.cash?.available) ?? 0n;
  return worst === undefined ? quantityMax.peek() : affordable({ cash, price: worst, feeBps: takerBps(), lot });
}
