/** What goes with what in a list: the exchange's rules for OrderList, as far as an owner states it. */
import { isLasting, type OrderType } from './order-kind.ts';
import { isEntry, type ListType, legCounts } from './order-list.ts';
import { fingerprintOf, type Terms } from './terms.ts';
import { TermsError } from './terms-error.ts';

/** One order of a list, as its owner states it. */
export type ListedTerms = { clientOrderId: string; terms: Terms };

const entryTypes: readonly OrderType[] = ['market', 'limit', 'stop', 'stop-limit'];
const exitTypes: readonly OrderType[] = ['limit', 'stop', 'stop-limit', 'trailing-stop'];

/** The normalised keys and terms of a list in one text. */
export function listFingerprintOf(type: ListType, legs: readonly ListedTerms[]): string {
  return [type, ...legs.map(({ clientOrderId, terms }) => `${clientOrderId}=${fingerprintOf(terms)}`)].join('\n');
}

/** That of an order of a list: no order by itself has the same. */
export function legFingerprintOf(terms: Terms): string {
  return `leg|${fingerprintOf(terms)}`;
}

/** Runs `work` for the order at a place: fields of a TermsError are named from the list on. */
export function atLeg<T>(index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(error, index);
  }
}

/** A TermsError of the order at a place, with its field named from the list on; any other error as it is. */
export function placed(error: unknown, index: number): unknown {
  if (!(error instanceof TermsError)) return error;
  const { field, description, reason, metadata } = error;
  return new TermsError(`orders[${index}].${field}`, description, reason, metadata);
}

/** Checks a list of well-formed orders. Throws TermsError at the first field that does not fit. */
export function checkList(type: ListType, legs: readonly ListedTerms[]): void {
  const count = legCounts[type];
  if (legs.length !== count) throw new TermsError('orders', `must be ${count} for this type`);
  for (const [index, leg] of legs.entries()) {
    atLeg(index, () => {
      checkShared(leg, legs.slice(0, index));
      if (isEntry({ type, index })) checkEntry(leg.terms);
      else checkExit(leg.terms, legs[type === 'oco' ? 0 : 1]?.terms, type === 'oco' ? undefined : legs[0]?.terms);
    });
  }
}

function checkShared({ clientOrderId, terms }: ListedTerms, earlier: readonly ListedTerms[]): void {
  if (earlier.some((other) => other.clientOrderId === clientOrderId)) {
    throw new TermsError('client_order_id', 'is that of another order of the list');
  }
  if (terms.size.kind === 'amount') throw new TermsError('terms.amount', 'does not go with a list: state the quantity');
  const [first] = earlier;
  if (first === undefined) return;
  const same = (field: string, isSame: boolean) => {
    if (!isSame) throw new TermsError(field, 'must be the same in all orders of a list');
  };
  same('terms.symbol', terms.symbol === first.terms.symbol);
  same('terms.quantity', first.terms.size.kind === 'quantity' && terms.size.micros === first.terms.size.micros);
  same('terms.self_trade_prevention', terms.specials?.selfTrade === first.terms.specials?.selfTrade);
}

function checkEntry({ type, timeInForce }: Terms): void {
  if (!entryTypes.includes(type))
    throw new TermsError('terms.type', 'of an entry must be MARKET, LIMIT, STOP or STOP_LIMIT');
  if (timeInForce !== 'at-open' && timeInForce !== 'at-close') return;
  throw new TermsError('terms.time_in_force', 'of an entry must not be AT_OPEN or AT_CLOSE');
}

function checkExit(terms: Terms, firstExit: Terms | undefined, entry: Terms | undefined): void {
  const { type, timeInForce, postOnly, side, specials } = terms;
  if (!exitTypes.includes(type)) {
    throw new TermsError('terms.type', 'of an exit must be LIMIT, STOP, STOP_LIMIT or TRAILING_STOP');
  }
  if (!isLasting(timeInForce)) throw new TermsError('terms.time_in_force', 'of an exit must be GTC, DAY or GTD');
  if (postOnly) throw new TermsError('terms.post_only', 'does not go with an exit');
  if (entry && specials?.minimumMicros !== undefined) {
    throw new TermsError('terms.minimum_quantity', 'does not go with an exit that waits for its entry');
  }
  if (side !== firstExit?.side) throw new TermsError('terms.side', 'of all exits must be the same');
  if (side === entry?.side) throw new TermsError('terms.side', "of an exit must not be the entry's");
}
