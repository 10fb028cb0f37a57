import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import type { AccountConditions } from '#gen/outcry/user/v1/internal_pb.ts';
import { CASH_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Conditions } from '../../domain/trading-conditions.ts';

/** Our copy of an account's conditions. Throws DecimalError when a limit is no decimal. */
export function fromConditions(message: AccountConditions): Conditions {
  const { conditions } = message;
  const limit = (text: string | undefined, scale: number) =>
    text ? parseDecimal(text, scale, { min: 0n }) : undefined;
  return {
    accountId: message.accountId,
    version: message.version,
    state: stateOf(message.state),
    house: message.house,
    makerBps: conditions?.feePlan?.makerBps ?? 0,
    takerBps: conditions?.feePlan?.takerBps ?? 0,
    orderNotionalMaxCents: limit(conditions?.orderNotionalMax, CASH_SCALE),
    openNotionalMaxCents: limit(conditions?.openNotionalMax, CASH_SCALE),
    openOrdersMax: conditions?.openOrdersMax ?? 0,
    ordersPerSecondMax: conditions?.ordersPerSecondMax ?? 0,
    positionMaxMicros: limit(conditions?.positionQuantityMax, QUANTITY_SCALE) ?? 0n,
    marketOrdersPermitted: conditions?.marketOrdersPermitted ?? false,
  };
}

// What we do not know may not trade.
function stateOf(state: AccountState): Conditions['state'] {
  if (state === AccountState.ACTIVE) return 'active';
  return state === AccountState.CLOSED ? 'closed' : 'frozen';
}
