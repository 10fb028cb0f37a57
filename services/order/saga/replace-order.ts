import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { deadlineExceeded, notFound } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import type { ChangePricing } from '../domain/new-terms-of.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { isNumbered, type Replace } from '../domain/replace.ts';
import type { TradingConditions } from '../domain/trading-conditions.ts';
import { type Begun, beginReplace, findKnown, type ReplaceRequest } from './begin-replace.ts';
import { type CallEnd, CallTime } from './call-time.ts';
import { driveReplace, waitForReplace } from './drive-replace.ts';
import { checkBacklog } from './prepare-intent.ts';
import { rateLimited } from './rate-limited.ts';
import { waitUntilDecided } from './steps.ts';

/** The order after the change, or why it was not changed. */
export type ReplacedOrder = { order: Order; refusal: Refusal | undefined };

type Decided = Exclude<Begun, { kind: 'limited' }>;

/**
 * Changes an order, or joins the change that was asked for under the same key, and returns the order once the outcome is known. Throws
 * KEY_REUSED, ORDER_NOT_FOUND, TermsError, ORDER_RATE_OVER_LIMIT, OVERLOADED, and UNAVAILABLE or DEADLINE_EXCEEDED when the change is stored and its
 * outcome is not known in time.
 */
export async function replaceOrder(deps: OrderDeps, request: ReplaceRequest, call: CallEnd): Promise<ReplacedOrder> {
  const time = new CallTime(deps, call);
  // The key first: what an account may do at the moment does not matter to a repeat.
  const known = await findKnown(deps.db, request);
  const begun: Decided = known ? { kind: 'exists', replace: known } : await begin(deps, request, time);
  switch (begun.kind) {
    case 'busy':
      throw deadlineExceeded(undefined, 'another change of the order was not decided in time; this one is not stored');
    case 'stale':
      deps.metrics.replaced('refused', begun.refusal.reason);
      return { order: await load(deps, request.orderId), refusal: begun.refusal };
    case 'exists':
      deps.metrics.replaced('repeated');
      return outcomeOf(deps, await waitForReplace(deps, begun.replace, time));
    case 'begun': {
      const { replace } = begun;
      const order = await load(deps, replace.orderId);
      const ended = isNumbered(replace) ? await driveReplace(deps, order, replace, time) : replace;
      deps.metrics.replaced(ended.refusal ? 'refused' : 'replaced', ended.refusal?.reason);
      return outcomeOf(deps, ended);
    }
    default:
      return begun satisfies never;
  }
}

/** Begins the change as soon as the order is neither pending nor being changed. */
async function begin(deps: OrderDeps, request: ReplaceRequest, time: CallTime): Promise<Decided> {
  checkBacklog(deps);
  const conditions = await conditionsOf(deps, request.accountId);
  const pricing = await pricingOf(deps, request);
  for (;;) {
    const begun = await beginReplace(deps, request, { conditions, pricing });
    if (begun.kind === 'limited') throw rateLimited(conditions.ordersPerSecondMax);
    if (begun.kind !== 'busy' || time.aborted) return begun;
    await waitUntilDecided(deps, begun.order, time.leftMs);
  }
}

/** The market's prices too, where a new trail sets the worst price of a trailing stop. */
async function pricingOf(deps: OrderDeps, { orderId, change }: ReplaceRequest): Promise<ChangePricing> {
  const { collarBps } = deps.limits;
  if (change.trail === undefined || change.limitPriceMicros !== undefined) return { collarBps };
  const { symbol } = await load(deps, orderId);
  const instrument = await deps.instruments.find(symbol);
  return instrument
    ? { collarBps, market: { instrument, prices: await deps.quotes.pricesOf(instrument) } }
    : { collarBps };
}

async function conditionsOf(deps: OrderDeps, accountId: string): Promise<TradingConditions> {
  const conditions = await deps.tradingConditions.find(accountId);
  if (conditions === undefined) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  return conditions;
}

async function outcomeOf(deps: OrderDeps, { orderId, refusal }: Replace): Promise<ReplacedOrder> {
  return { order: await load(deps, orderId), refusal };
}

async function load({ readOrder }: OrderDeps, orderId: string): Promise<Order> {
  const order = await readOrder.load(orderId);
  if (order === undefined) throw notFound(ErrorReason.ORDER_NOT_FOUND, 'there is no such order');
  return order;
}
