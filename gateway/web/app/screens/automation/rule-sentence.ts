/** An automation as a sentence: when, and what then. */
import { PriceDirection, type RuleTerms, type Slice, SliceAlgorithm } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { OrderTerms } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { figureText } from '../../figures/figure-text.ts';
import { millisOf, timeText, type Zone } from '../../figures/time-text.ts';
import { cronWords } from './schedule-words.ts';

/** With what times and prices are written. */
export type SentenceFacts = { placesFor: (symbol: string) => { price: number }; zone: Zone; nowMs: number };

/** `Every Monday 09:45 New York buy 250.00 of ACME at market`, without a full stop. */
export function ruleSentence({ trigger, action }: RuleTerms, facts: SentenceFacts): string {
  const when = whenWords(trigger, facts);
  if (action.case === 'alert') {
    const note = action.value.note === '' ? '' : `: “${action.value.note}”`;
    return `${when} send an alert${note}`;
  }
  if (action.case === 'order') return `${when} ${orderWords(action.value, facts)}`;
  return action.case === 'slice' ? `${when} ${sliceWords(action.value, facts)}` : when;
}

function whenWords(trigger: RuleTerms['trigger'], { placesFor, zone, nowMs }: SentenceFacts): string {
  if (trigger.case === 'schedule') {
    const place = (trigger.value.timeZone || 'UTC').split('/').pop()?.replaceAll('_', ' ');
    return `${cronWords(trigger.value.cron)} ${place}`;
  }
  if (trigger.case === 'condition') {
    const { symbol, direction, price } = trigger.value;
    const way = direction === PriceDirection.AT_OR_BELOW ? 'at or below' : 'at or above';
    return `Once, when ${symbol} trades ${way} ${figureText(price, { places: placesFor(symbol).price })},`;
  }
  const startMs = trigger.case === 'once' ? millisOf(trigger.value.startTime) : undefined;
  return startMs === undefined ? 'From now on' : `Once, from ${timeText(startMs, zone, nowMs)} on`;
}

function orderWords(order: OrderTerms, { placesFor }: SentenceFacts): string {
  const verb = order.side === Side.SELL ? 'sell' : 'buy';
  const size =
    order.size.case === 'amount'
      ? `${figureText(order.size.value, { places: 2 })} of ${order.symbol}`
      : `${figureText(order.size.value, { trimmed: true })} ${order.symbol}`;
  const limit = figureText(order.limitPrice, { places: placesFor(order.symbol).price });
  return `${verb} ${size} ${order.type === OrderType.MARKET ? 'at market' : `at ${limit} or better`}`;
}

function sliceWords({ order, algorithm, duration, orderCount, maxPercent }: Slice, facts: SentenceFacts): string {
  const spread = algorithm === SliceAlgorithm.VWAP ? 'in proportion to the usual volume' : 'evenly';
  const count = orderCount === 0 ? 'in an order a minute' : `in ${orderCount} orders`;
  const bound = maxPercent === '' ? '' : `, each at most ${maxPercent} % of what trades meanwhile`;
  const act = order === undefined ? 'trade' : orderWords(order, facts);
  return `${act} over ${durationWords(Number(duration?.seconds ?? 0n))}, ${spread}, ${count}${bound}`;
}

// `1 h 30 min`, or seconds where it is shorter than a minute.
function durationWords(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, rest > 0 && `${rest} s`];
  return parts.filter(Boolean).join(' ');
}
