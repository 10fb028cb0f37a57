/** The terms under which an account trades. */
import {
  CASH_SCALE,
  CENT_SCALE,
  DecimalError,
  formatDecimal,
  parseDecimal,
  QUANTITY_SCALE,
} from '#platform/money/decimal.ts';

/** Trading conditions with exact numbers; null means no limit. */
export type Conditions = {
  feePlanName: string;
  /** Basis points, 0 to 1000. */
  makerBps: number;
  /** Basis points, 0 to 1000. */
  takerBps: number;
  orderNotionalMaxMicros: bigint | null;
  openNotionalMaxMicros: bigint | null;
  /** 1 to 10000. */
  openOrdersMax: number;
  /** 1 to 10000. */
  ordersPerSecondMax: number;
  /** Millionths of a share. */
  positionQuantityMaxMicros: bigint | null;
  marketOrdersPermitted: boolean;
  transferAmountMaxMicros: bigint | null;
};

/** Conditions as people write them: decimals as text, empty for no limit. */
export type ConditionsText = {
  feePlan?: { name: string; makerBps: number; takerBps: number };
  orderNotionalMax: string;
  openNotionalMax: string;
  openOrdersMax: number;
  ordersPerSecondMax: number;
  positionQuantityMax: string;
  marketOrdersPermitted: boolean;
  transferAmountMax: string;
};

/** What is wrong with one field. */
export type FieldProblem = { field: string; description: string };

const bpsMax = 1_000;
const countMax = 10_000;
const limitMax = 10n ** 17n;

/** Reads written conditions; adds what is wrong to `problems`, and answers undefined when there is any. */
export function parseConditions(text: ConditionsText, problems: FieldProblem[]): Conditions | undefined {
  const countBefore = problems.length;
  const { feePlan } = text;
  if (feePlan === undefined) problems.push({ field: 'fee_plan', description: 'is required' });
  else checkFeePlan(feePlan, problems);
  checkCount('open_orders_max', text.openOrdersMax, problems);
  checkCount('orders_per_second_max', text.ordersPerSecondMax, problems);
  const conditions = {
    feePlanName: feePlan?.name ?? '',
    makerBps: feePlan?.makerBps ?? 0,
    takerBps: feePlan?.takerBps ?? 0,
    orderNotionalMaxMicros: parseLimit('order_notional_max', text.orderNotionalMax, CASH_SCALE, problems),
    openNotionalMaxMicros: parseLimit('open_notional_max', text.openNotionalMax, CASH_SCALE, problems),
    openOrdersMax: text.openOrdersMax,
    ordersPerSecondMax: text.ordersPerSecondMax,
    positionQuantityMaxMicros: parseLimit('position_quantity_max', text.positionQuantityMax, QUANTITY_SCALE, problems),
    marketOrdersPermitted: text.marketOrdersPermitted,
    transferAmountMaxMicros: parseLimit('transfer_amount_max', text.transferAmountMax, CASH_SCALE, problems),
  };
  return problems.length === countBefore ? conditions : undefined;
}

/** Writes conditions the way people read them. */
export function formatConditions(conditions: Conditions): Required<ConditionsText> {
  const { feePlanName, makerBps, takerBps } = conditions;
  return {
    feePlan: { name: feePlanName, makerBps, takerBps },
    orderNotionalMax: formatLimit(conditions.orderNotionalMaxMicros, CASH_SCALE, CENT_SCALE),
    openNotionalMax: formatLimit(conditions.openNotionalMaxMicros, CASH_SCALE, CENT_SCALE),
    openOrdersMax: conditions.openOrdersMax,
    ordersPerSecondMax: conditions.ordersPerSecondMax,
    positionQuantityMax: formatLimit(conditions.positionQuantityMaxMicros, QUANTITY_SCALE),
    marketOrdersPermitted: conditions.marketOrdersPermitted,
    transferAmountMax: formatLimit(conditions.transferAmountMaxMicros, CASH_SCALE, CENT_SCALE),
  };
}

/** Whether two sets of conditions say the same. */
export function sameConditions(a: Conditions, b: Conditions): boolean {
  return (Object.keys(a) as (keyof Conditions)[]).every((name) => a[name] === b[name]);
}

function checkFeePlan(plan: NonNullable<ConditionsText['feePlan']>, problems: FieldProblem[]): void {
  if (!/^[\x20-\x7e]{1,32}$/.test(plan.name)) {
    problems.push({ field: 'fee_plan.name', description: 'must have 1 to 32 printable characters' });
  }
  const description = `must be 0 to ${bpsMax}`;
  if (!inRange(plan.makerBps, 0, bpsMax)) problems.push({ field: 'fee_plan.maker_bps', description });
  if (!inRange(plan.takerBps, 0, bpsMax)) problems.push({ field: 'fee_plan.taker_bps', description });
}

function checkCount(field: string, value: number, problems: FieldProblem[]): void {
  if (!inRange(value, 1, countMax)) problems.push({ field, description: `must be 1 to ${countMax}` });
}

function inRange(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function parseLimit(field: string, text: string, scale: number, problems: FieldProblem[]): bigint | null {
  if (text === '') return null;
  try {
    return parseDecimal(text, scale, { min: 0n, max: limitMax });
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
    problems.push({ field, description: error.message });
    return null;
  }
}

function formatLimit(value: bigint | null, scale: number, minDecimals = 0): string {
  return value === null ? '' : formatDecimal(value, scale, minDecimals);
}
