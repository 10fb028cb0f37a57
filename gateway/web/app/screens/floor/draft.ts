/**
 * The draft of the ticket. It belongs to the tab and outlives a log-in, a session that expires, a break of the connection and another screen; not
 * a log-out, as the next person may be another.
 */
import { computed, effect } from '@preact/signals';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { wallMillis } from '../../figures/time-text.ts';
import { ofPerson } from '../../rpc/session.ts';
import { zone } from '../../store/market-clock.ts';
import { selectedInstrument } from '../../store/selected-instrument.ts';
import { selectedSymbol } from '../../store/selection.ts';
import type { DraftType } from './draft-types.ts';
import { changedDraft, type Draft, emptyDraft } from './draft-values.ts';
import { withExitPrices } from './exit-prices.ts';
import { isTicketOpen } from './layout.ts';

/** What is filled in. */
export const draft = ofPerson<Draft>(emptyDraft);

/** Where the price came from, when, and by whose hand; undefined: typed, or none. */
export const priceSource = ofPerson<{ price: string; atMs: number } | undefined>(undefined);

/** Changes fields of the draft. What was reviewed is reviewed again. */
export function changeDraft(changes: Partial<Draft>): void {
  draft.value = changedDraft(draft.peek(), changes);
  if ('limitPrice' in changes) priceSource.value = undefined;
}

/** The draft with the exits of a bracket as prices. */
export const pricedDraft = computed(() => withExitPrices(draft.value, tickOf(selectedInstrument.value)));

function tickOf(instrument: { tickSize: string } | undefined): bigint {
  return parseMicros(instrument?.tickSize) ?? 0n;
}

/** The draft, or what it could be, as terms are made of it: its exits as prices, its end as a moment, whatever the zone of the page. */
export function plainDraft(typed: Draft = draft.peek()): Draft {
  const filled = withExitPrices(typed, tickOf(selectedInstrument.peek()));
  const millis = wallMillis(filled.expireTime, zone.peek());
  return { ...filled, expireTime: millis === undefined ? '' : new Date(millis).toISOString() };
}

function priceFieldOf(type: DraftType): 'limitPrice' | 'stopPrice' | 'targetPrice' | undefined {
  if (type === 'trailing') return undefined;
  return type === 'stop' ? 'stopPrice' : type === 'OCO' ? 'targetPrice' : 'limitPrice';
}

/** Takes a price of the Pit or of the chart into the ticket, with its places; it never changes the side. */
export function takePrice(decimal: string, places: number): void {
  const { type } = draft.peek();
  const price = microsText(parseMicros(decimal) ?? 0n, places);
  const field = priceFieldOf(type);
  // One that trails has no price to fill in.
  if (field !== undefined) {
    changeDraft({ [field]: price, ...(type === 'market' && { type: 'limit' as const }) });
    priceSource.value = { price, atMs: Date.now() };
  }
  isTicketOpen.value = true;
}

/** Begins a new draft whenever another symbol is selected: neither quantity nor price belongs to it. */
export function followSymbol(): void {
  let shown = selectedSymbol.peek();
  effect(() => {
    const symbol = selectedSymbol.value;
    if (symbol === shown) return;
    if (shown !== '') {
      const { side, type, timeInForce } = draft.peek();
      draft.value = { ...emptyDraft, side, type, timeInForce };
      priceSource.value = undefined;
    }
    shown = symbol;
  });
}
