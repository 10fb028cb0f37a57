/** The most shares that the draft can be placed with. */
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { account } from '../../store/account.ts';
import { draft, plainDraft } from './draft.ts';
import { greatestWithin } from './greatest-within.ts';
import { previewOf, steps } from './preview.ts';
import { quantityMax } from './ticket-facts.ts';

/**
 * In millionths: at most what is free, and what the free cash holds by the server's own computation, at the worst price of the worst order with
 * the fee. Never rejects: an estimate where prices are missing or the server is not reached.
 */
export function greatestQuantity(): Promise<bigint> {
  const filled = { ...draft.peek(), sizedBy: 'shares' as const };
  return greatestWithin({
    start: quantityMax.peek(),
    lot: steps.peek().lot,
    cash: parseMicros(account.peek()?.cash?.available) ?? 0n,
    holdOf: async (quantity) => {
      const answer = await previewOf(plainDraft({ ...filled, quantity: microsText(quantity) })).catch(() => undefined);
      return parseMicros(answer?.holdCash);
    },
  });
}
