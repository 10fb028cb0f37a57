/** The options of orders that are more than market and limit orders, for `buy` and `sell`. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type OrderTerms, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, SelfTradePrevention, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { OptionSpec } from '../command/command.ts';
import { type Input, readDecimal } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { readChoice } from './pages.ts';

/** Times in force by their words. */
export const timesInForce: Readonly<Record<string, TimeInForce>> = {
  gtc: TimeInForce.GTC,
  day: TimeInForce.DAY,
  gtd: TimeInForce.GTD,
  ioc: TimeInForce.IOC,
  fok: TimeInForce.FOK,
  'at-open': TimeInForce.AT_OPEN,
  'at-close': TimeInForce.AT_CLOSE,
};

const selfTrades: Readonly<Record<string, SelfTradePrevention>> = {
  'cancel-newest': SelfTradePrevention.CANCEL_NEWEST,
  'cancel-oldest': SelfTradePrevention.CANCEL_OLDEST,
  'cancel-both': SelfTradePrevention.CANCEL_BOTH,
  decrement: SelfTradePrevention.DECREMENT,
};

/** Options of every kind of order. */
export const kindOptions: readonly OptionSpec[] = [
  { name: 'limit', value: 'PRICE', help: 'limit order at this price; with --stop the limit once it is reached' },
  { name: 'amount', value: 'CASH', help: 'cash to spend, fee included, instead of a quantity; for market buys' },
  { name: 'stop', value: 'PRICE', help: 'wait until a trade reaches this price' },
  { name: 'trail', value: 'TRAIL', help: 'wait for a stop price that follows the market, 2.50 or 1.5% from it' },
  { name: 'worst', value: 'PRICE', help: 'with --stop or --trail: never trade beyond this price' },
  { name: 'display', value: 'SHARES', help: 'with --limit: show only so many at a time (iceberg)' },
  { name: 'min', value: 'SHARES', help: 'with --limit: trade at least so many at once, or be refused' },
  {
    name: 'tif',
    value: 'TIME',
    help: 'time in force (default ioc for market orders, gtd with --expire, else gtc)',
    choices: Object.keys(timesInForce),
  },
  { name: 'expire', value: 'TIME', help: 'cancel it at this time, such as 2026-12-24T18:00:00Z' },
  { name: 'post-only', help: 'refused rather than take liquidity; for limit orders' },
  { name: 'slide', help: 'post-only, at the best price that takes no liquidity instead of being refused' },
  {
    name: 'self-trade',
    value: 'MODE',
    help: 'what to do where it meets an own order (default cancel-newest)',
    choices: Object.keys(selfTrades),
  },
  { name: 'session', value: 'NAME', help: 'cancel it when this session ends; see keep-session' },
];

/** The terms of an order for so much of a symbol. Throws UsageError for what no order can be. */
export function readKindTerms(input: Input, order: Pick<OrderTerms, 'symbol' | 'side' | 'size'>): OrderTerms {
  const given = {
    limit: input.decimal('limit'),
    stop: input.decimal('stop'),
    trail: input.text('trail'),
    worst: input.decimal('worst'),
    display: input.decimal('display'),
    min: input.decimal('min'),
  };
  const type = typeOf(given);
  const slide = input.flag('slide');
  const postOnly = slide || input.flag('post-only');
  if (given.limit === undefined && (postOnly || given.min !== undefined)) {
    throw new UsageError('--post-only, --slide and --min need --limit');
  }
  const expireTime = readTime(input.text('expire'));
  return create(OrderTermsSchema, {
    ...order,
    type,
    timeInForce: readTimeInForce(input, 'tif') || (expireTime ? TimeInForce.GTD : TimeInForce.UNSPECIFIED),
    limitPrice: given.limit ?? given.worst ?? '',
    stopPrice: given.stop ?? '',
    trail: readTrail(given.trail),
    displayQuantity: given.display ?? '',
    minimumQuantity: given.min ?? '',
    postOnly,
    slide,
    expireTime,
    sessionId: input.text('session') ?? '',
    selfTradePrevention: readChoice(input, 'self-trade', selfTrades) ?? SelfTradePrevention.UNSPECIFIED,
  });
}

/** The time in force in an option; unspecified when it was not given. Throws UsageError. */
export function readTimeInForce(input: Input, name: string): TimeInForce {
  return readChoice(input, name, timesInForce) ?? TimeInForce.UNSPECIFIED;
}

function typeOf({ limit, stop, trail, worst, display }: Record<string, string | undefined>): OrderType {
  if (stop !== undefined && trail !== undefined) throw new UsageError('an order has --stop or --trail, not both');
  if (trail !== undefined && limit !== undefined) throw new UsageError('--trail goes with --worst, not with --limit');
  const isStop = stop !== undefined && limit === undefined;
  if (worst !== undefined && !isStop && trail === undefined) {
    throw new UsageError('--worst goes with --trail, and with --stop without --limit');
  }
  if (display !== undefined && (limit === undefined || stop !== undefined)) {
    throw new UsageError('--display goes with --limit, and not with --stop');
  }
  if (trail !== undefined) return OrderType.TRAILING_STOP;
  if (stop !== undefined) return isStop ? OrderType.STOP : OrderType.STOP_LIMIT;
  if (limit === undefined) return OrderType.MARKET;
  return display === undefined ? OrderType.LIMIT : OrderType.ICEBERG;
}

/** A trail as a distance in price, 2.50, or in percent, 1.5%; none of undefined. Throws UsageError. */
export function readTrail(text: string | undefined): OrderTerms['trail'] {
  if (text === undefined) return { case: undefined };
  if (!text.endsWith('%')) return { case: 'trailAmount', value: readDecimal(text, '--trail') };
  return { case: 'trailPercent', value: readDecimal(text.slice(0, -1), '--trail') };
}

const timeText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A time with its zone. Throws UsageError. */
export function readTime(text: string | undefined) {
  if (text === undefined) return undefined;
  const timeMs = timeText.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw new UsageError(`--expire is to be a time with its zone such as 2026-12-24T18:00:00Z, not '${text}'`);
  }
  return timestampFromMs(timeMs);
}
