/** Slices: contract to domain and back. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import {
  type Slice,
  SliceAlgorithm,
  SliceProfile,
  type SliceProgressSchema,
  type SliceSchema,
} from '#gen/outcry/auto/v1/auto_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { formatDecimal, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { readCount, readDecimal } from '#platform/validation/request-fields.ts';
import type { OrderDraft } from '../../domain/order-draft.ts';
import {
  durationMaxMs,
  durationMinMs,
  orderCountMax,
  orderCountMin,
  orderDistanceMinMs,
  type SliceProgress,
  type SliceTerms,
  sliceQuantityMaxMicros,
  usualOrderCount,
} from '../../domain/slice.ts';
import { fromOrderTerms, toOrderTerms } from './order-terms.ts';

const algorithms = { twap: SliceAlgorithm.TWAP, vwap: SliceAlgorithm.VWAP } as const;
const profiles = { even: SliceProfile.EVEN, volume: SliceProfile.VOLUME } as const;
/** Percent are stored in hundredths. */
const percentScale = 2;
const percentMax = 50_00n;

/** The message of a slice. */
export function toSlice({
  order,
  algorithm,
  durationMs,
  orderCount,
  maxBps,
}: SliceTerms): MessageInitShape<typeof SliceSchema> {
  return {
    order: toOrderTerms(order),
    algorithm: algorithms[algorithm],
    duration: durationFromMs(durationMs),
    orderCount,
    maxPercent: maxBps === undefined ? '' : formatDecimal(BigInt(maxBps), percentScale),
  };
}

/** The message of how far a slice was worked. */
export function toSliceProgress(progress: SliceProgress): MessageInitShape<typeof SliceProgressSchema> {
  const { profile, placedCount, refusedCount } = progress;
  return {
    profile: profile === undefined ? SliceProfile.UNSPECIFIED : profiles[profile],
    quantity: sharesText(progress.totalMicros),
    placedQuantity: sharesText(progress.placedMicros),
    filledQuantity: sharesText(progress.filledMicros),
    placedCount,
    refusedCount,
  };
}

/** Reads the message of a slice. Throws INVALID_ARGUMENT. */
export function readSlice(slice: Slice): SliceTerms {
  const order = readWhole(slice);
  const algorithm = slice.algorithm === SliceAlgorithm.TWAP ? 'twap' : 'vwap';
  if (algorithms[algorithm] !== slice.algorithm) throw invalidArgument('terms.slice.algorithm', 'must be TWAP or VWAP');
  const durationMs = readDuration(slice.duration);
  const terms: SliceTerms = { order, algorithm, durationMs, orderCount: readOrderCount(slice.orderCount, durationMs) };
  return slice.maxPercent === '' ? terms : { ...terms, maxBps: readMaxBps(slice.maxPercent) };
}

function readWhole({ order: terms }: Slice): OrderDraft {
  const field = 'terms.slice.order';
  if (terms === undefined) throw invalidArgument(field, 'is required');
  const order = fromOrderTerms(terms, field);
  if (order.size.kind !== 'quantity')
    throw invalidArgument(`${field}.amount`, 'is not offered for slices: state a quantity');
  if (order.timeInForce !== '' && order.timeInForce !== 'ioc') {
    throw invalidArgument(`${field}.time_in_force`, 'of a slice must be IOC');
  }
  if (order.postOnly) throw invalidArgument(`${field}.post_only`, 'is not offered for slices: their orders are IOC');
  if (parseDecimal(order.size.value, QUANTITY_SCALE) > sliceQuantityMaxMicros) {
    throw invalidArgument(`${field}.quantity`, `must be at most ${sharesText(sliceQuantityMaxMicros)}`);
  }
  return order;
}

function readDuration(duration: Slice['duration']): number {
  const field = 'terms.slice.duration';
  if (duration === undefined) throw invalidArgument(field, 'is required');
  const { seconds, nanos } = duration;
  const durationMs = Number(seconds) * 1_000 + nanos / 1_000_000;
  if (!Number.isInteger(durationMs)) throw invalidArgument(field, 'must be in whole milliseconds');
  if (durationMs >= durationMinMs && durationMs <= durationMaxMs) return durationMs;
  throw invalidArgument(field, `must be ${durationMinMs / 1_000} s to ${durationMaxMs / 3_600_000} h`);
}

function readOrderCount(count: number, durationMs: number): number {
  const field = 'terms.slice.order_count';
  const orderCount = readCount(field, count, { fallback: usualOrderCount(durationMs), max: orderCountMax });
  if (orderCount < orderCountMin) throw invalidArgument(field, `must be 0, or ${orderCountMin} to ${orderCountMax}`);
  if (durationMs >= orderCount * orderDistanceMinMs) return orderCount;
  throw invalidArgument(field, `orders must be at least ${orderDistanceMinMs / 1_000} s apart`);
}

function readMaxBps(percent: string): number {
  return Number(readDecimal('terms.slice.max_percent', percent, percentScale, { min: 1n, max: percentMax }));
}

function sharesText(micros: bigint): string {
  return formatDecimal(micros, QUANTITY_SCALE);
}
