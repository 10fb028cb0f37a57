/** One press in the Pit as an order: off until it is armed, for one symbol of this window, with a size. */
import { computed, effect, signal } from '@preact/signals';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, multiplied, parseMicros } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import { announce } from '../../frame/announce.ts';
import { shownState } from '../../frame/shown-state.ts';
import { orders } from '../../rpc/clients.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { account } from '../../store/account.ts';
import { connection } from '../../store/connection.ts';
import { isBookOld } from '../../store/depth.ts';
import { isFrozen } from '../../store/frame.ts';
import { openOrders } from '../../store/own-orders.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedQuote } from '../../store/selected-instrument.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { cancelOrders } from '../../trading/cancel.ts';
import { place } from '../../trading/intents.ts';
import { armedProblem, restingAt } from './armed-rules.ts';
import { draft } from './draft.ts';
import { steps } from './preview.ts';

/** Shares of one press, decimal; empty: not armed. */
export const armedSize = signal('');

/** Why a press sends nothing though it is armed; empty: it sends. */
export const armedBlock = computed(() => {
  if (connection.value.word !== 'live') return 'the price is old';
  if (isBookOld.value) return 'the book is old';
  if (isFrozen.value) return 'figures are frozen';
  return shownState.value.kind === 'open' ? '' : 'no continuous trading';
});

/** Whether a press in the Pit sends. */
export const isArmed = computed(() => armedSize.value !== '' && armedBlock.value === '');

/** Arms with a size. Returns why that cannot be; empty: it is armed. */
export function arm(size: string): string {
  const problem = problemAt(size, selectedQuote.peek()?.lastPrice);
  if (problem === '') armedSize.value = microsText(parseMicros(size) ?? 0n);
  announce(problem === '' ? `Armed: a press in the Pit sends ${armedSize.peek()}.` : problem, 'armed');
  return problem;
}

/** Sends nothing any more by a press in the Pit. */
export function disarm(): void {
  if (armedSize.peek() !== '') announce('Disarmed.', 'armed');
  armedSize.value = '';
}

/** What a press at a price does, in words, by the side of the ticket: `Buy 100 at 180.00`. */
export function armedText(price: string, places: number): string {
  const verb = draft.value.side === 'buy' ? 'Buy' : 'Sell';
  return `${verb} ${figureText(armedSize.value, { trimmed: true })} at ${figureText(price, { places })}`;
}

/** Sends a limit order of the armed size at a price, on the side of the ticket. */
export function sendArmed(price: string, places: number): void {
  if (!isArmed.peek()) return;
  const problem = problemAt(armedSize.peek(), price);
  if (problem !== '') {
    announce(problem, 'armed');
    return;
  }
  const symbol = selectedSymbol.peek();
  const terms = {
    symbol,
    side: draft.peek().side === 'buy' ? Side.BUY : Side.SELL,
    type: OrderType.LIMIT,
    timeInForce: TimeInForce.GTC,
    size: { case: 'quantity', value: armedSize.peek() } as const,
    limitPrice: microsText(parseMicros(price) ?? 0n, places),
  };
  void place({
    text: armedText(price, places).replace(' at ', ` ${symbol} at `),
    isList: false,
    send: async (key) => [(await orders.placeOrder({ clientOrderId: key, terms })).order],
  });
}

/** Cancels own orders that rest in a row of the ladder, whose prices are grouped by `step`, in millionths. */
export function pullAt(price: string, step: bigint): void {
  const own = openOrders.peek().filter((order) => order.symbol === selectedSymbol.peek());
  void cancelOrders(restingAt(own, parseMicros(price) ?? 0n, step));
}

/** Disarms at another symbol and at a log-out. */
export function followArmed(): void {
  effect(() => {
    void [selectedSymbol.value, isLoggedIn.value];
    disarm();
  });
}

function problemAt(size: string, price: string | undefined): string {
  const { side } = draft.peek();
  const touch = side === 'buy' ? selectedQuote.peek()?.askPrice : selectedQuote.peek()?.bidPrice;
  return armedProblem({
    size: parseMicros(size),
    lot: steps.peek().lot,
    value: Number(multiplied(parseMicros(size) ?? 0n, parseMicros(price) ?? 0n)) / 1e6,
    largeFrom: preferences.peek().largeOrder || Number(account.peek()?.portfolio?.equity ?? 0) / 10,
    beyondTouchBps: beyond(side, parseMicros(price), parseMicros(touch)),
  });
}

function beyond(side: 'buy' | 'sell', price: bigint | undefined, touch: bigint | undefined): number {
  if (price === undefined || touch === undefined || touch === 0n) return 0;
  return Number(((side === 'buy' ? price - touch : touch - price) * 10_000n) / touch);
}
