import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { OrderDeps } from '../deps.ts';
import { toListLegs } from '../domain/list-legs.ts';
import { type ListedTerms, legFingerprintOf, listFingerprintOf, placed } from '../domain/list-terms.ts';
import { exposureOf } from '../domain/order.ts';
import { exposureTicksOf, followsEntry, type ListType } from '../domain/order-list.ts';
import type { MarketPrices } from '../domain/protection-price.ts';
import { exitPrices } from '../domain/worst-price.ts';
import type { ListIntent } from './place-list-intents.ts';
import { checkBacklog, draftOf, type Priced, priceFor } from './prepare-intent.ts';

/** A list as it was requested; its terms fit together. */
export type ListRequest = { accountId: string; clientListId: string; type: ListType; legs: readonly ListedTerms[] };

/** The intent of a list, ready to be admitted. Throws as `prepareIntent`; fields of a TermsError are named from the list on. */
export async function prepareList(deps: OrderDeps, request: ListRequest): Promise<ListIntent> {
  checkBacklog(deps);
  const { accountId, clientListId, type, legs } = request;
  const priced = await priceLegs(deps, request);
  const nowMs = deps.clock.nowMs();
  const listId = uuidV7(nowMs);
  const ticks = exposureTicksOf(
    type,
    priced.map(({ priced: { priceTicks } }) => priceTicks),
  );
  const orders = legs.map(({ clientOrderId, terms }, index) => {
    const draft = draftOf({ accountId, clientOrderId, terms }, priced[index] as Priced, nowMs);
    const leg = { listId, type, index, exposureTicks: ticks[index] ?? 0n };
    const quantityLots = followsEntry(leg) ? 0n : draft.quantityLots;
    return { ...draft, fingerprint: legFingerprintOf(terms), quantityLots, leg };
  });
  const [first] = priced as [Priced, ...Priced[]];
  return {
    list: { listId, accountId, clientListId, type, fingerprint: listFingerprintOf(type, legs), createTimeMs: nowMs },
    legs: toListLegs(orders),
    notionalMicros: orders.reduce((sum, order) => sum + exposureOf(order).notionalMicros, 0n),
    limits: first.conditions,
    refusal: priced.find((each) => each.priced.refusal !== undefined)?.priced.refusal,
  };
}

/** Prices the orders one after the other: the worst price of an exit may follow from that of its entry. */
async function priceLegs(deps: OrderDeps, { accountId, type, legs }: ListRequest): Promise<Priced[]> {
  const priced: Priced[] = [];
  for (const [index, { terms }] of legs.entries()) {
    const entry = followsEntry({ type, index }) ? priced[0]?.priced : undefined;
    const pricesFor = (prices: MarketPrices) => (entry ? exitPrices(terms.side, prices, entry) : prices);
    try {
      priced.push(await priceFor(deps, accountId, terms, pricesFor));
    } catch (error) {
      throw placed(error, index);
    }
  }
  return priced;
}
