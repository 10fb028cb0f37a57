/** Where trailing stops would trigger now. No stream says when that moves, so that it is read while there are some. */
import { computed, effect, signal } from '@preact/signals';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, multiplied, parseMicros } from '../../figures/decimal.ts';
import { orders } from '../../rpc/clients.ts';
import { rest } from '../../rpc/rest.ts';
import { openOrders } from '../../store/own-orders.ts';
import { selectedSymbol } from '../../store/selection.ts';

const readEveryMs = 5_000;
const pageSize = 200;

/** Triggers of own trailing stops of the selected symbol by order id, decimal; those that are known. */
export const trailTriggers = signal<ReadonlyMap<string, string>>(new Map());

/** Whether an order trails, and waits for its price. */
export function isTrailing({ trailAmount, trailPercent, waiting }: Order): boolean {
  return waiting && (trailAmount !== '' || trailPercent !== '');
}

/** The price at which a trailing stop would trigger, by the best price since it came; empty: that is not known. */
export function triggerOf(order: Order): string {
  const best = parseMicros(order.trailReferencePrice);
  const [amount, percent] = [parseMicros(order.trailAmount), parseMicros(order.trailPercent)];
  if (best === undefined) return '';
  const distance = amount ?? (percent === undefined ? undefined : multiplied(best, percent) / 100n);
  if (distance === undefined) return '';
  return microsText(order.side === Side.SELL ? best - distance : best + distance);
}

const trailedSymbol = computed(() => {
  const symbol = selectedSymbol.value;
  return openOrders.value.some((order) => order.symbol === symbol && isTrailing(order)) ? symbol : '';
});

/** Reads the triggers every 5 s while there are some, until what it returns is called. */
export function followTrails(): () => void {
  let current = new AbortController();
  const stop = effect(() => {
    current.abort();
    current = new AbortController();
    if (trailedSymbol.value === '') trailTriggers.value = new Map();
    else void readAll(trailedSymbol.value, current.signal);
  });
  return () => {
    stop();
    current.abort();
  };
}

async function readAll(symbol: string, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const answer = await orders
      .listOrders({ symbol, openOnly: true, pageSize }, { signal: until })
      .catch(() => undefined);
    if (until.aborted) return;
    if (answer !== undefined)
      trailTriggers.value = new Map(answer.orders.filter(isTrailing).map((order) => [order.orderId, triggerOf(order)]));
    await rest(readEveryMs, until);
  }
}
