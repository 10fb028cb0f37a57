/** Fees and limits of an account in words. */
import type { TradingConditions } from '#gen/outcry/user/v1/conditions_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';

const cent = 10_000n;

/** Basis points as percent: 5 is `0.05 %`. */
export function bpsText(bps: number): string {
  return figureText(microsText(BigInt(bps) * cent, 2), { places: 2, unit: '%' });
}

/** The fee of a value in money at a rate, rounded up to the cent. */
export function feeExample(value: string, bps: number): string {
  const exact = ((parseMicros(value) ?? 0n) * BigInt(bps)) / 10_000n;
  return microsText(((exact + cent - 1n) / cent) * cent, 2);
}

/** Each limit with its value; none where there is no limit. */
export function limitRows(conditions: TradingConditions): [name: string, text: string][] {
  const money = (amount: string) => (amount === '' ? 'none' : figureText(amount, { places: 2 }));
  return [
    ['Value of an order', money(conditions.orderNotionalMax)],
    ['Value of all open orders', money(conditions.openNotionalMax)],
    ['Open orders', figureText(String(conditions.openOrdersMax))],
    ['New orders a second', figureText(String(conditions.ordersPerSecondMax))],
    [
      'Shares of an instrument',
      conditions.positionQuantityMax === '' ? 'none' : figureText(conditions.positionQuantityMax),
    ],
    ['Market orders and stops', conditions.marketOrdersPermitted ? 'permitted' : 'not permitted'],
    ['A deposit or withdrawal', money(conditions.transferAmountMax)],
  ];
}
