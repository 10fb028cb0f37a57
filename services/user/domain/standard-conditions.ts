/** The conditions that accounts start with. */
import type { ConditionsText } from './conditions.ts';

/** A person's: 2 bps for resting orders, 5 for taking ones, a million an order, five millions open. */
export const standardConditions: Required<ConditionsText> = {
  feePlan: { name: 'standard', makerBps: 2, takerBps: 5 },
  orderNotionalMax: '1000000.00',
  openNotionalMax: '5000000.00',
  openOrdersMax: 200,
  ordersPerSecondMax: 50,
  positionQuantityMax: '',
  marketOrdersPermitted: true,
  transferAmountMax: '',
};

/** A house account's: no fees and no limit of value, and room to quote every book. */
export const houseConditions: Required<ConditionsText> = {
  feePlan: { name: 'house', makerBps: 0, takerBps: 0 },
  orderNotionalMax: '',
  openNotionalMax: '',
  openOrdersMax: 1_000,
  ordersPerSecondMax: 1_000,
  positionQuantityMax: '',
  marketOrdersPermitted: true,
  transferAmountMax: '',
};
