/** A bracket of a mix as PlaceOrderList takes it: a buy or sale by limit, with a limit and a stop as its exits. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type OrderTermsSchema, PlaceOrderListRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { ListType, OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';

/** The entry of a bracket, and how far its exits are from it, in cents. */
export type Bracket = { symbol: string; isBuy: boolean; lots: number; priceCents: number; awayCents: number };

type Terms = MessageInitShape<typeof OrderTermsSchema>;

/** The encoded request under a key of at most 62 characters; its orders have it with -0, -1 and -2. */
export function bracketRequest(key: string, { symbol, isBuy, lots, priceCents, awayCents }: Bracket): Buffer {
  const common = { symbol, size: { case: 'quantity', value: String(lots) } } as const;
  const [entrySide, exitSide] = isBuy ? [Side.BUY, Side.SELL] : [Side.SELL, Side.BUY];
  const better = isBuy ? awayCents : -awayCents;
  const entry = { ...common, side: entrySide, timeInForce: TimeInForce.GTC, ...limit(priceCents) };
  const exit = { ...common, side: exitSide, timeInForce: TimeInForce.GTC };
  const stop = { type: OrderType.STOP_LIMIT, stopPrice: decimal(priceCents - better) };
  const terms: Terms[] = [
    entry,
    { ...exit, ...limit(priceCents + better) },
    { ...exit, ...limit(priceCents - 2 * better), ...stop },
  ];
  const orders = terms.map((each, index) => ({ clientOrderId: `${key}-${index}`, terms: each }));
  const request = create(PlaceOrderListRequestSchema, { clientListId: key, type: ListType.BRACKET, orders });
  return Buffer.from(toBinary(PlaceOrderListRequestSchema, request));
}

function limit(cents: number) {
  return { type: OrderType.LIMIT, limitPrice: decimal(cents) };
}

/** Cents as a decimal amount, such as 99.05. */
export function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
