/** The options that describe a market or limit order, and the terms that they make. Those of further kinds are in order-kinds.ts. */
import { create } from '@bufbuild/protobuf';
import { type OrderTerms, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, type Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { OptionSpec } from '../command/command.ts';
import { type Input, readDecimal, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { readChoice } from './pages.ts';

const timesInForce: Readonly<Record<string, TimeInForce>> = {
  gtc: TimeInForce.GTC,
  ioc: TimeInForce.IOC,
  fok: TimeInForce.FOK,
};

/** Options of an order that an automation places. */
export const orderOptions: readonly OptionSpec[] = [
  { name: 'limit', value: 'PRICE', help: 'limit order at this price (without it: market order)' },
  { name: 'amount', value: 'CASH', help: 'cash to spend, fee included, instead of a quantity; for market buys' },
  {
    name: 'tif',
    value: 'TIME',
    help: 'time in force (default ioc for market orders, gtc for limit orders)',
    choices: Object.keys(timesInForce),
  },
  { name: 'post-only', help: 'refused rather than take liquidity; for limit orders' },
];

/** The terms of an order. `quantity` is empty with `--amount`. Throws UsageError for what no order can be. */
export function readOrderTerms(input: Input, order: { side: Side; symbol: string; quantity: string }): OrderTerms {
  const limitPrice = input.decimal('limit') ?? '';
  const type = limitPrice === '' ? OrderType.MARKET : OrderType.LIMIT;
  if (input.flag('post-only') && type !== OrderType.LIMIT) throw new UsageError('--post-only needs --limit');
  return create(OrderTermsSchema, {
    symbol: readSymbol(order.symbol),
    side: order.side,
    type,
    timeInForce: readChoice(input, 'tif', timesInForce),
    size: readSize(input, order.quantity),
    limitPrice,
    postOnly: input.flag('post-only'),
  });
}

/** The size of an order. `quantity` is empty with `--amount`. Throws UsageError. */
export function readSize(input: Input, quantity: string): OrderTerms['size'] {
  const amount = input.decimal('amount');
  if ((amount === undefined) === (quantity === ''))
    throw new UsageError('an order needs QUANTITY or --amount, not both');
  if (amount !== undefined) return { case: 'amount', value: amount };
  return { case: 'quantity', value: readDecimal(quantity, 'QUANTITY') };
}
