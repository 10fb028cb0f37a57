/** How the gain of a position is made up: what was bought, less the cost of what was sold, against its value. */
import type { Fill } from '#gen/outcry/order/v1/order_pb.ts';
import type { Position, RealizedGain } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, multiplied, parseMicros } from '../../figures/decimal.ts';
import { positionValue } from '../floor/position-values.ts';

type BoughtFill = Pick<Fill, 'side' | 'price' | 'quantity' | 'fee'>;
type SoldCost = Pick<RealizedGain, 'cost'>;

/** Decimal amounts of a sum, each line with its sign. */
export type PositionSum = {
  /** Shares and cash that all buys took. */
  boughtQuantity: string;
  bought: string;
  fees: string;
  /** Cost of what was sold since, by the average at its time; zero or negative. */
  soldCost: string;
  /** What neither is, such as shares that were issued; 0: nothing. */
  other: string;
  cost: string;
  value: string | undefined;
  gain: string | undefined;
};

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const micros = (decimal: string) => parseMicros(decimal) ?? 0n;

/** The sum of a position from all fills and all sales of its symbol, at a last price. */
export function positionSum(
  position: Position,
  { fills, sales }: { fills: readonly BoughtFill[]; sales: readonly SoldCost[] },
  lastPrice: string | undefined,
): PositionSum {
  const buys = fills.filter(({ side }) => side === Side.BUY);
  const bought = sum(buys.map(({ price, quantity }) => multiplied(micros(price), micros(quantity))));
  const fees = sum(buys.map(({ fee }) => micros(fee)));
  const sold = -sum(sales.map(({ cost }) => micros(cost)));
  const { value, gain } = positionValue(position, lastPrice);
  return {
    boughtQuantity: microsText(sum(buys.map(({ quantity }) => micros(quantity)))),
    bought: microsText(bought),
    fees: microsText(fees),
    soldCost: microsText(sold),
    other: microsText(micros(position.cost) - bought - fees - sold),
    cost: position.cost,
    value,
    gain,
  };
}
