/** Plans a slice, and sizes its orders, by what the market knows. */
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { readBookGrid } from '../clients/book-grid.ts';
import { readVolumes } from '../clients/volumes.ts';
import { boundedLots, evenWeights, lotsInShare, volumeWeights, weightedLots } from '../domain/slice-sizes.ts';
import { type ClaimedSlice, type SlicePlan, timingOf } from '../domain/slice-step.ts';
import { daysBefore, rangeSince } from '../domain/slice-times.ts';

type Market = RpcClient<typeof MarketService>;

/** A slice with its plan. */
export type PlannedSlice = ClaimedSlice & { plan: SlicePlan };

/** The slice with its plan, which is made once. Throws UNAVAILABLE while the market does not answer. */
export async function planSlice(market: Market, slice: ClaimedSlice): Promise<PlannedSlice> {
  if (slice.plan !== undefined) return { ...slice, plan: slice.plan };
  const { algorithm, order, orderCount } = slice.terms;
  const [{ lotMicros }, history] = await Promise.all([
    readBookGrid(market, order.symbol),
    algorithm === 'vwap' ? readHistory(market, slice) : undefined,
  ]);
  const plan: SlicePlan =
    history === undefined
      ? { lotMicros, weights: evenWeights(orderCount), profile: 'even' }
      : { lotMicros, weights: history, profile: 'volume' };
  return { ...slice, plan, profile: plan.profile };
}

/**
 * The slice with this order recorded, and those before it passed over; one that has no lots is passed over too. Throws UNAVAILABLE while the
 * market does not answer.
 */
export async function sizeOrder(market: Market, slice: PlannedSlice, index: number): Promise<ClaimedSlice> {
  const { plan, totalMicros, filledMicros, terms } = slice;
  const { lotMicros, weights } = plan;
  const { maxBps } = terms;
  const toSize = { index, totalLots: totalMicros / lotMicros, filledLots: filledMicros / lotMicros };
  const capLots =
    maxBps === undefined ? undefined : lotsInShare(await volumeSince(market, slice, index), { maxBps, lotMicros });
  const lots = capLots === undefined ? weightedLots(weights, toSize) : boundedLots(weights, toSize, capLots);
  const sized = { ...slice, tries: 0 };
  return lots > 0n
    ? { ...sized, nextIndex: index, orderMicros: lots * lotMicros }
    : { ...sized, nextIndex: index + 1, orderMicros: undefined };
}

/** What was traded since the last order that was handled, in millionths of a share. */
async function volumeSince(market: Market, slice: ClaimedSlice, index: number): Promise<bigint> {
  const range = rangeSince(timingOf(slice), slice.nextIndex - 1, index);
  const volumes = await readVolumes(market, slice.terms.order.symbol, range);
  return volumes.reduce((sum, { micros }) => sum + micros, 0n);
}

/** Weights by what was traded at the same times in the days before; undefined when nothing was. */
async function readHistory(market: Market, slice: ClaimedSlice): Promise<bigint[] | undefined> {
  const timing = timingOf(slice);
  const days = await Promise.all(
    daysBefore(timing).map(async ({ agoMs, ...range }) => {
      const volumes = await readVolumes(market, slice.terms.order.symbol, range);
      return volumes.map(({ fromMs, untilMs, micros }) => ({
        fromMs: fromMs + agoMs,
        untilMs: untilMs + agoMs,
        micros,
      }));
    }),
  );
  return volumeWeights(timing, days.flat());
}
