/** What a receipt says in words beside its figures: the outcome of an order at once, and what its kind brings with it. */
import { divided, microsText, multiplied, parseMicros } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import type { Draft } from './draft-values.ts';
import type { Estimate } from './estimate.ts';

/** What the words follow from; prices in millionths, undefined where there is none. */
export type NoteFacts = {
  draft: Draft;
  last: bigint | undefined;
  bid: bigint | undefined;
  ask: bigint | undefined;
  estimate: Estimate | undefined;
  /** Places of prices. */
  places: number;
};

/** The words; empty while the draft does not have what they need. */
export function receiptNote(facts: NoteFacts): string {
  switch (facts.draft.type) {
    case 'market':
    case 'limit':
      return bookNote(facts);
    case 'stop':
    case 'stop limit':
      return stopNote(facts);
    case 'trailing':
      return trailNote(facts);
    case 'iceberg':
      return sliceNote(facts);
    case 'OCO':
    case 'bracket':
      return exitNote(facts);
  }
}

/** Whether a stop is at the market or beyond it, so that it acts at once. */
export function firesAtOnce({ type, side, stopPrice }: Draft, last: bigint | undefined): boolean {
  const stop = parseMicros(stopPrice);
  if ((type !== 'stop' && type !== 'stop limit') || stop === undefined || last === undefined) return false;
  return side === 'buy' ? stop <= last : stop >= last;
}

function bookNote({ draft, estimate, bid, ask, places }: NoteFacts): string {
  const quantity = parseMicros(draft.quantity);
  if (estimate === undefined || quantity === undefined) return '';
  const { filled, worst } = estimate;
  if (draft.type === 'market')
    return estimate.isPart ? `The book holds ${count(filled)} up to ${price(worst, places)}.` : '';
  if (filled >= quantity) return 'Fills now, all of it.';
  if (filled > 0n) return `Fills ${count(filled)} now; ${count(quantity - filled)} rest, as it lives.`;
  const [limit, touch] = [parseMicros(draft.limitPrice), draft.side === 'buy' ? ask : bid];
  if (limit === undefined || touch === undefined) return 'Rests.';
  return draft.side === 'buy'
    ? `Rests ${distance(limit, touch, places)} below the best offer.`
    : `Rests ${distance(limit, touch, places)} above the best bid.`;
}

function stopNote({ draft, last, places }: NoteFacts): string {
  const stop = parseMicros(draft.stopPrice);
  if (stop === undefined || last === undefined) return '';
  const where = draft.side === 'buy' ? 'above' : 'below';
  if (firesAtOnce(draft, last))
    return `A ${draft.side} stop belongs ${where} the market, now ${price(last, places)}; this one would fire at once.`;
  const then = draft.type === 'stop' ? 'It may fill worse than its trigger.' : 'It may not fill beyond its limit.';
  return `Triggers ${distance(stop, last, places)} ${where} the market. ${then}`;
}

function trailNote({ draft, last, places }: NoteFacts): string {
  const trigger = triggerOf(draft, last, draft.side === 'sell');
  if (trigger === undefined) return '';
  return `Would trigger at about ${price(trigger, places)} now. It may fill worse than its trigger.`;
}

function triggerOf({ trail, trailBy }: Draft, from: bigint | undefined, isSale: boolean): bigint | undefined {
  const distance = parseMicros(trail);
  if (distance === undefined || from === undefined) return undefined;
  const by = trailBy === 'percent' ? multiplied(from, distance) / 100n : distance;
  return isSale ? from - by : from + by;
}

function sliceNote({ draft }: NoteFacts): string {
  const [all, shown] = [parseMicros(draft.quantity), parseMicros(draft.displayQuantity)];
  if (all === undefined || shown === undefined || shown <= 0n) return '';
  const slices = (all + shown - 1n) / shown;
  return slices === 1n ? 'One slice: all of it is shown.' : `${slices} slices; each new slice queues last.`;
}

function exitNote({ draft, last, places }: NoteFacts): string {
  const entry = draft.type === 'OCO' ? last : parseMicros(draft.limitPrice);
  const [quantity, target] = [draft.quantity, draft.targetPrice].map(parseMicros);
  // A list of exits leaves by its own side, a bracket by the other one.
  const leavesBySale = (draft.side === 'sell') === (draft.type === 'OCO');
  const stop = draft.exitBy === 'trail' ? triggerOf(draft, entry, leavesBySale) : parseMicros(draft.stopPrice);
  if (entry === undefined || quantity === undefined || target === undefined || stop === undefined) return '';
  const [risk, reward] = leavesBySale ? [entry - stop, target - entry] : [stop - entry, entry - target];
  if (risk <= 0n || reward <= 0n) {
    const [above, below] = leavesBySale ? ['target', 'stop'] : ['stop', 'target'];
    return `The ${above} belongs above ${price(entry, places)}, the ${below} below it.`;
  }
  const money = (perShare: bigint) => figureText(microsText(multiplied(perShare, quantity)), { places: 2 });
  const ratio = figureText(microsText(divided(reward, risk) ?? 0n), { places: 2 });
  return `Risks about ${money(risk)}, may bring ${money(reward)}: 1 to ${ratio}. Only one exit can fill.`;
}

function distance(from: bigint, to: bigint, places: number): string {
  const far = from > to ? from - to : to - from;
  const percent = divided(far * 100n, to) ?? 0n;
  return `${price(far, places)} (${figureText(microsText(percent), { places: 2, unit: '%' })})`;
}

function price(micros: bigint | undefined, places: number): string {
  return figureText(micros === undefined ? undefined : microsText(micros), { places });
}

function count(micros: bigint): string {
  return figureText(microsText(micros), { trimmed: true });
}
