import { hash } from 'node:crypto';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { readShardPositions } from '#platform/feed/shard-positions.ts';
import { jsonAnswer, repeatIdempotent, runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { pause } from '#platform/time/pause.ts';
import type { OwnedShares, SharesAt } from '../clients/owned-shares.ts';
import type { OrderDeps } from '../deps.ts';
import { allOfIt } from '../domain/close-position.ts';
import type { Order } from '../domain/order.ts';
import { type CallEnd, CallTime } from './call-time.ts';
import { cancelAllOrders, isCutFinal } from './cancel-all-orders.ts';
import { closePosition } from './close-position.ts';
import { retryUntilOutcome } from './retry-until-outcome.ts';

/** Whose positions to close. */
export type CloseAllRequest = { accountId: string; key: string; cancelOrders: boolean; call: CallEnd };

/** One position: its order, or why there is none. */
export type ClosedPosition = { symbol: string; outcome: { order: Order } | { error: unknown } };

/** What is sold under a key: decided once. Texts and numbers, as it is stored as JSON. */
type ClosePlan = { positions: { symbol: string; available: string; held: string }[]; leftCount: number };

const positionsMax = 200;
const settledRecheckMs = 50;
/** Less time than this for the sales is none: an order that is not sold in time is refused for good. */
const sellMsMin = 500;

/**
 * Sells all that an account has, each symbol by an order of its own. What to sell is decided and stored under the key before the first order
 * leaves, and the orders have keys that follow from it: a repeat, after whatever has died, places those that are missing and no other.
 */
export async function closeAllPositions(
  deps: OrderDeps,
  request: CloseAllRequest,
): Promise<{ closed: ClosedPosition[]; leftCount: number }> {
  const { positions, leftCount } = await planOf(deps, request);
  const closed = positions.map(async ({ symbol, available, held }): Promise<ClosedPosition> => {
    const holding = { availableMicros: BigInt(available), heldMicros: BigInt(held) };
    const clientOrderId = `${ownKey(request.key)}:${symbol}`;
    try {
      const order = await closePosition(deps, { ...request, clientOrderId, symbol, part: allOfIt, holding });
      return { symbol, outcome: { order } };
    } catch (error) {
      return { symbol, outcome: { error } };
    }
  });
  return { closed: await Promise.all(closed), leftCount };
}

/** The plan that is stored under the key, or a new one. Throws KEY_REUSED. */
async function planOf(deps: OrderDeps, request: CloseAllRequest): Promise<ClosePlan> {
  const { accountId, key, cancelOrders } = request;
  const fingerprint = cancelOrders ? 'cancel' : 'keep';
  const keyed = { scope: `close-all:${accountId}`, key, fingerprint, ...jsonAnswer<ClosePlan>() };
  const repeated = await repeatIdempotent(deps.db, keyed);
  if (repeated !== undefined) return repeated.answer;
  const plan = await makePlan(deps, request);
  // No call leaves while the transaction is open; of two plans that were made at once the first one counts.
  return deps.db.transaction((tx) => runIdempotent(tx, { ...keyed, run: async () => plan }));
}

async function makePlan(deps: OrderDeps, request: CloseAllRequest): Promise<ClosePlan> {
  const time = new CallTime(deps, request.call);
  const { shares } = request.cancelOrders
    ? await sharesAfterCancels(deps, request, time)
    : await retryUntilOutcome(time, () => deps.ownedShares.read(request.accountId, ''));
  const positions = shares.slice(0, positionsMax).map(toPlanned);
  return { positions, leftCount: shares.length - positions.length };
}

/** Cancels all orders, and reads what the account has once they have ended here and the ledger has released what they held. */
async function sharesAfterCancels(
  deps: OrderDeps,
  { accountId, key }: CloseAllRequest,
  time: CallTime,
): Promise<SharesAt> {
  const { cut } = await cancelAllOrders(deps, { accountId, symbol: '', key: ownKey(key) });
  const areFinal = async () => cut === undefined || (await isCutFinal(deps, cut)) || undefined;
  const isOver = await deps.changes.waitFor(accountId, areFinal, { timeoutMs: time.leftMs });
  if (!isOver) throw notInTime();
  const reached = await readShardPositions(deps.db, 'exchange');
  for (;;) {
    const read = await retryUntilOutcome(time, () => deps.ownedShares.read(accountId, ''));
    const isSettled = [...reached].every(([shard, sequence]) => (read.positions.get(shard) ?? 0n) >= sequence);
    if (time.leftMs < sellMsMin) throw notInTime();
    if (isSettled) return read;
    await pause(settledRecheckMs);
  }
}

function notInTime() {
  return deadlineExceeded(
    undefined,
    'the orders are being cancelled, and nothing was sold yet: repeat the call under its key',
  );
}

function toPlanned({ symbol, availableMicros, heldMicros }: OwnedShares): ClosePlan['positions'][number] {
  return { symbol, available: String(availableMicros), held: String(heldMicros) };
}

/** A key of this service that follows from the caller's. With a symbol behind it, it is no longer than a key may be. */
function ownKey(key: string): string {
  return `close-all:${hash('sha256', key).slice(0, 32)}`;
}
