/** Closes positions at market, each once. */
import { announce } from '../frame/announce.ts';
import { showNow } from '../frame/notices.ts';
import { orders } from '../rpc/clients.ts';
import { sentence } from '../rpc/failure.ts';
import { personSignal } from '../rpc/session.ts';
import { takeOrder } from '../store/own-orders.ts';
import { newKey } from './client-key.ts';
import { place } from './intents.ts';
import { notDoneText, untilKnown } from './until-known.ts';

const closing = new Set<string>();

/** Sells all that is free of a symbol at market, as an order on its way: found again after a reload. A press before its outcome is known does nothing. */
export async function closePosition(symbol: string): Promise<void> {
  if (closing.has(symbol)) return;
  closing.add(symbol);
  try {
    await place({
      text: `Close ${symbol} at market`,
      isList: false,
      send: async (key) => [(await orders.closePosition({ symbol, clientOrderId: key })).order],
    });
  } finally {
    closing.delete(symbol);
  }
}

/** Sells at market all that is free of each symbol, at most 200. Never rejects: what was not done is shown. */
export async function closeAllPositions(): Promise<void> {
  const act = 'close of all positions';
  const idempotencyKey = newKey();
  const until = personSignal();
  try {
    const { results, leftCount } = await untilKnown(
      act,
      () => orders.closeAllPositions({ idempotencyKey }),
      idempotencyKey,
    );
    if (until.aborted) return;
    const problems: string[] = [];
    for (const { symbol, outcome } of results) {
      if (outcome.case === 'order') takeOrder(outcome.value);
      else problems.push(`${symbol}: ${sentence(outcome.value?.message ?? 'there was no outcome')}`);
    }
    if (leftCount > 0) problems.push(`${leftCount} further symbols were left.`);
    if (problems.length === 0) announce(`Closing ${results.length} positions.`);
    else showNow(`Not all was closed. ${problems.slice(0, 5).join(' ')}`, idempotencyKey);
  } catch (error) {
    if (!until.aborted) showNow(notDoneText(act, error), idempotencyKey);
  }
}
