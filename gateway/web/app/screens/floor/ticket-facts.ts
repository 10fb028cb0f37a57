/** What the ticket says beside its fields, from the book, the account and the preview. */
import { computed } from '@preact/signals';
import { microsText, multiplied, parseMicros } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import { profile } from '../../frame/roles.ts';
import { isAuction } from '../../frame/trading-state.ts';
import { account } from '../../store/account.ts';
import { connection } from '../../store/connection.ts';
import { book, isBookOld } from '../../store/depth.ts';
import { placesFor } from '../../store/instruments.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedQuote } from '../../store/selected-instrument.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { affordable } from './affordable.ts';
import { draft, pricedDraft } from './draft.ts';
import { fieldsFor, missingFields } from './draft-fields.ts';
import { estimate } from './estimate.ts';
import { ownProblem, preview, steps } from './preview.ts';
import { firesAtOnce, receiptNote } from './receipt-note.ts';
import { riskOf } from './review.ts';

const atOnce = ['market', 'limit', 'iceberg', 'bracket'];

/** What the book would do with the draft at once; undefined: it waits, or is not filled in. */
export const shownEstimate = computed(() => {
  const { type, side, quantity, limitPrice, sizedBy } = draft.value;
  const micros = parseMicros(quantity);
  if (book.value === undefined || micros === undefined || micros <= 0n || !atOnce.includes(type)) return undefined;
  if (type === 'market' && side === 'buy' && sizedBy === 'cash') return undefined;
  const limit = type === 'market' ? undefined : parseMicros(limitPrice);
  if (type !== 'market' && limit === undefined) return undefined;
  const isBuy = side === 'buy';
  return estimate(isBuy ? book.value.asks : book.value.bids, micros, limit, isBuy);
});

/** What the receipt says in words. */
export const shownNote = computed(() =>
  receiptNote({
    draft: pricedDraft.value,
    last: parseMicros(selectedQuote.value?.lastPrice),
    bid: parseMicros(selectedQuote.value?.bidPrice),
    ask: parseMicros(selectedQuote.value?.askPrice),
    estimate: shownEstimate.value,
    places: placesFor(selectedSymbol.value).price,
  }),
);

/** The risk of the draft as it is. */
export const shownRisk = computed(() => {
  const now = shownEstimate.value;
  const { type, quantity, limitPrice, side } = draft.value;
  const isMarket = type === 'market';
  const price =
    parseMicros(isMarket ? selectedQuote.value?.lastPrice : limitPrice) ??
    parseMicros(selectedQuote.value?.lastPrice) ??
    0n;
  const value = multiplied(parseMicros(quantity) ?? 0n, price);
  return riskOf(
    {
      value: Number(value) / 1e6,
      equity: Number(account.value?.portfolio?.equity ?? 0),
      impactBps: now?.impactBps ?? 0,
      beyondTouchBps: isMarket ? 0 : beyondTouch(side, price),
      isPart: isMarket && (now?.isPart ?? false),
      isStale: connection.value.word !== 'live' || isBookOld.value,
      isAuction: isAuction(selectedQuote.value?.state),
      firesAtOnce: firesAtOnce(draft.value, parseMicros(selectedQuote.value?.lastPrice)),
    },
    preferences.value.largeOrder,
  );
});

function beyondTouch(side: 'buy' | 'sell', price: bigint): number {
  const touch = parseMicros(side === 'buy' ? selectedQuote.value?.askPrice : selectedQuote.value?.bidPrice);
  if (touch === undefined || touch === 0n || price === 0n) return 0;
  const beyond = side === 'buy' ? price - touch : touch - price;
  return Number((beyond * 10_000n) / touch);
}

/** Whether the draft is whole and nothing is known that would refuse it. */
export const isSendable = computed(
  () =>
    missingFields(draft.value).length === 0 && ownProblem.value === undefined && preview.value?.refusal === undefined,
);

/** The act in words: `Buy 400 ACME at 180.00`. */
export const actWords = computed(() => {
  const { side, quantity, type, sizedBy } = draft.value;
  const symbol = selectedSymbol.value;
  const verb = side === 'buy' ? 'Buy' : 'Sell';
  if (parseMicros(quantity) === undefined) return `${verb} ${symbol}`;
  const size = figureText(microsText(parseMicros(quantity) ?? 0n), { trimmed: true });
  if (type === 'market' && side === 'buy' && sizedBy === 'cash') return `Buy ${symbol} for ${size}`;
  return `${verb} ${size} ${symbol} ${priceWords()}`;
});

function priceWords(): string {
  const { type, limitPrice, stopPrice, trail, trailBy, targetPrice, exitBy } = pricedDraft.value;
  const { price: places } = placesFor(selectedSymbol.value);
  const text = (decimal: string) => figureText(microsText(parseMicros(decimal) ?? 0n), { places });
  const trailing = `trailing by ${trailBy === 'percent' ? `${trail}\u2009%` : text(trail)}`;
  const exit = exitBy === 'trail' ? trailing : '';
  switch (type) {
    case 'market':
      return 'at market';
    case 'stop':
      return `at market from ${text(stopPrice)}`;
    case 'stop limit':
      return `at ${text(limitPrice)} from ${text(stopPrice)}`;
    case 'trailing':
      return trailing;
    case 'OCO':
      return `at ${text(targetPrice)} or ${exit || `from ${text(stopPrice)}`}`;
    case 'bracket':
      return `at ${text(limitPrice)}, out at ${text(targetPrice)} or ${exit || text(stopPrice)}`;
    case 'limit':
    case 'iceberg':
      return `at ${text(limitPrice)}`;
  }
}

const buyPrices = ['limitPrice', 'stopPrice', 'targetPrice'] as const;

/** The most shares that can be traded: of a sale what is free, of a buy an estimate at the price that is typed, or at the best one. */
export const quantityMax = computed(() => {
  const { side } = draft.value;
  const has = account.value;
  if (has === undefined) return 0n;
  if (side === 'sell') return parseMicros(has.shares.get(selectedSymbol.value)?.available) ?? 0n;
  // The price that the type has, not one that was typed for another.
  const typed = buyPrices.find((name) => fieldsFor(draft.value).includes(name) && draft.value[name] !== '');
  const price = parseMicros(typed && draft.value[typed]) ?? parseMicros(selectedQuote.value?.askPrice) ?? 0n;
  return affordable({ cash: parseMicros(has.cash?.available) ?? 0n, price, feeBps: feeBpsMax(), lot: steps.value.lot });
});

// The dearer rate of both roles, as the server holds it, in hundredths of a percent.
function feeBpsMax(): number {
  const { makerBps = 0, takerBps = 0 } = profile.value?.conditions?.feePlan ?? {};
  return Math.max(makerBps, takerBps);
}
