import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import type { AccountConditions } from '#gen/outcry/user/v1/internal_pb.ts';
import { CASH_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { TradingConditions } from '../../domain/trading-conditions.ts';

/** Trading conditions, from proto to domain. Throws DecimalError when a limit is not a decimal number. */
export function fromTradingConditions(message: AccountConditions): TradingConditions {
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
    orderNotionalMaxMicros: limit(conditions?.orderNotionalMax, CASH_SCALE),
    openNotionalMaxMicros: limit(conditions?.openNotionalMax, CASH_SCALE),
    openOrdersMax: conditions?.openOrdersMax ?? 0,
    ordersPerSecondMax: conditions?.ordersPerSecondMax ?? 0,
    positionMaxMicros: limit(conditions?.positionQuantityMax, QUANTITY_SCALE),
    marketOrdersPermitted: conditions?.marketOrdersPermitted ?? false,
  };
}

// An account in a state that this release does not know may not trade.
function stateOf(state: AccountState): TradingConditions['state'] {
  if (state === AccountState.ACTIVE) return 'active';
  return state === AccountState.CLOSED ? 'closed' : 'frozen';
}
