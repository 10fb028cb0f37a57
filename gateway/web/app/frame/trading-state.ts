/** A symbol's trading state in words: what it is, why, and until when. */
import { HaltCause, type Instrument, type Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { figureText } from '../figures/figure-text.ts';
import { countdownText, millisOf, timeText, type Zone } from '../figures/time-text.ts';

/** What is said of the state. */
export type StateText = {
  kind: 'open' | 'auction' | 'halted' | 'closed';
  /** The word in front, in capitals where trading is interrupted. */
  word: string;
  /** What stands behind it; empty: nothing. */
  text: string;
};

type StateFacts = {
  quote: Quote | undefined;
  instrument: Instrument | undefined;
  nowMs: number;
  zone: Zone;
  places: number;
  /** What the calendar has next. */
  next: { phase: string; timeMs: number } | undefined;
};

const auctionStates: readonly TradingState[] = [
  TradingState.PRE_OPEN,
  TradingState.OPENING_AUCTION,
  TradingState.CLOSING_AUCTION,
];

/** Whether orders are collected for an auction. */
export function isAuction(state: TradingState | undefined): boolean {
  return state !== undefined && auctionStates.includes(state);
}

/** The state in words. */
export function stateText(facts: StateFacts): StateText {
  const state = facts.quote?.state ?? TradingState.UNSPECIFIED;
  if (state === TradingState.HALTED) return { kind: 'halted', word: 'HALTED', text: haltText(facts) };
  if (isAuction(state)) return { kind: 'auction', word: 'AUCTION', text: auctionText(facts) };
  if (state === TradingState.CLOSED) return { kind: 'closed', word: 'Closed', text: closedText(facts) };
  if (state === TradingState.DELISTED) return { kind: 'closed', word: 'Delisted', text: '' };
  return { kind: 'open', word: state === TradingState.CONTINUOUS ? 'Open' : '', text: nextText(facts) };
}

function haltText({ quote, nowMs, zone }: StateFacts): string {
  const at = (millis: number) => timeText(millis, zone, nowMs);
  const [auctionMs, resumeMs] = [millisOf(quote?.auctionStartTime), millisOf(quote?.resumeTime)];
  const why = quote?.haltCause === HaltCause.BREAKER ? 'the price moved too far' : 'by the operator';
  const until = auctionMs === undefined ? '' : `, auction ${at(auctionMs)}`;
  return `${why}${until}${resumeMs === undefined ? '' : `, trading ${at(resumeMs)}`}`;
}

function auctionText({ quote, nowMs, places, next }: StateFacts): string {
  const price = quote?.indicativePrice
    ? `${figureText(quote.indicativePrice, { places })} x ${figureText(quote.indicativeQuantity, { trimmed: true })}`
    : 'no price yet';
  const imbalance = figureText(quote?.imbalanceQuantity, { trimmed: true });
  const over =
    quote?.imbalanceSide === Side.BUY
      ? `, buyers over by ${imbalance}`
      : quote?.imbalanceSide === Side.SELL
        ? `, sellers over by ${imbalance}`
        : '';
  // Of the pre-open, and in the first moment of an auction, the calendar alone has the end.
  const endMs = millisOf(quote?.auctionEndTime) ?? millisOf(quote?.resumeTime) ?? next?.timeMs;
  return `${price}${over}${endMs === undefined ? '' : `, ends ${countdownText(endMs - nowMs)}`}`;
}

function closedText({ quote, nowMs, zone, next }: StateFacts): string {
  const last = millisOf(quote?.lastTradeTime);
  const opens = next === undefined ? '' : `, ${next.phase} ${timeText(next.timeMs, zone, nowMs, 'minutes')}`;
  return `last trade ${timeText(last, zone, nowMs, 'minutes')}${opens}`;
}

function nextText({ nowMs, next }: StateFacts): string {
  return next === undefined ? '' : `${next.phase} in ${countdownText(next.timeMs - nowMs)}`;
}
