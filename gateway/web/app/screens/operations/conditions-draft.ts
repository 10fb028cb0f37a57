/** The form of an account's trading conditions. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { TradingConditions, TradingConditionsSchema } from '#gen/outcry/user/v1/conditions_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';

/** Fields of the form, in the sequence in which they stand. */
export const conditionFields = [
  { name: 'planName', label: 'Fee plan', kind: 'text' },
  { name: 'makerBps', label: 'Fee at rest, bp', kind: 'count', max: 1_000 },
  { name: 'takerBps', label: 'Fee when taking, bp', kind: 'count', max: 1_000 },
  { name: 'orderNotionalMax', label: 'Value of an order', kind: 'amount' },
  { name: 'openNotionalMax', label: 'Value of open orders', kind: 'amount' },
  { name: 'openOrdersMax', label: 'Open orders', kind: 'count', max: 10_000 },
  { name: 'ordersPerSecondMax', label: 'New orders a second', kind: 'count', max: 10_000 },
  { name: 'positionQuantityMax', label: 'Shares of one', kind: 'amount' },
  { name: 'transferAmountMax', label: 'A transfer', kind: 'amount' },
] as const;

type FieldName = (typeof conditionFields)[number]['name'];

/** The texts of the form. */
export type ConditionsDraft = Record<FieldName, string> & { marketOrdersPermitted: boolean };

/** The form with the conditions of an account. */
export function draftOf(conditions: TradingConditions | undefined): ConditionsDraft {
  return {
    planName: conditions?.feePlan?.name ?? '',
    makerBps: String(conditions?.feePlan?.makerBps ?? 0),
    takerBps: String(conditions?.feePlan?.takerBps ?? 0),
    orderNotionalMax: conditions?.orderNotionalMax ?? '',
    openNotionalMax: conditions?.openNotionalMax ?? '',
    openOrdersMax: String(conditions?.openOrdersMax ?? 1),
    ordersPerSecondMax: String(conditions?.ordersPerSecondMax ?? 1),
    positionQuantityMax: conditions?.positionQuantityMax ?? '',
    transferAmountMax: conditions?.transferAmountMax ?? '',
    marketOrdersPermitted: conditions?.marketOrdersPermitted ?? false,
  };
}

/** Fields that are wrong: no whole number within its bound, no decimal. An empty amount is no limit. */
export function wrongFields(draft: ConditionsDraft): FieldName[] {
  return conditionFields
    .filter((field) => {
      const text = draft[field.name];
      if (field.kind === 'text') return text.trim() === '';
      if (field.kind === 'amount') return text !== '' && (parseMicros(text) ?? -1n) < 0n;
      return !/^\d{1,5}$/.test(text) || Number(text) > field.max;
    })
    .map(({ name }) => name);
}

/** The conditions that a form without wrong fields asks for. */
export function conditionsOf(draft: ConditionsDraft): MessageInitShape<typeof TradingConditionsSchema> {
  const amount = (text: string) => (text === '' ? '' : microsText(parseMicros(text) ?? 0n));
  return {
    feePlan: { name: draft.planName.trim(), makerBps: Number(draft.makerBps), takerBps: Number(draft.takerBps) },
    orderNotionalMax: amount(draft.orderNotionalMax),
    openNotionalMax: amount(draft.openNotionalMax),
    openOrdersMax: Number(draft.openOrdersMax),
    ordersPerSecondMax: Number(draft.ordersPerSecondMax),
    positionQuantityMax: amount(draft.positionQuantityMax),
    transferAmountMax: amount(draft.transferAmountMax),
    marketOrdersPermitted: draft.marketOrdersPermitted,
  };
}
