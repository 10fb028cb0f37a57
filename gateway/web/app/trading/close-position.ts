/** Closes positions at market, each once. */
import { alertNow, announce } from '../frame/announce.ts';
import { orders } from '../rpc/clients.ts';
import { failureOf, failureText, isOutcomeUnknown } from '../rpc/failure.ts';
import { takeOrder } from '../store/own-orders.ts';
import { newKey } from './client-key.ts';

// An intent whose outcome is not known has its key for a further press.
const unresolved = new Map<string, string>();

/** Sells all that is free of a symbol at market. A press after an unknown outcome repeats the same intent. */
export async function closePosition(symbol: string): Promise<void> {
  const clientOrderId = unresolved.get(symbol) ?? newKey();
  unresolved.set(symbol, clientOrderId);
  try {
    const { order } = await orders.closePosition({ symbol, clientOrderId });
    unresolved.delete(symbol);
    if (order !== undefined) takeOrder(order);
    announce(`Closing ${symbol}.`);
  } catch (error) {
    const failure = failureOf(error);
    if (!isOutcomeUnknown(failure)) unresolved.delete(symbol);
    alertNow(`${symbol} was not closed: ${failureText(failure)}`);
  }
}
