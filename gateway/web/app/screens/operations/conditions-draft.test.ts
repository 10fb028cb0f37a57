import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TradingConditionsSchema } from '#gen/outcry/user/v1/conditions_pb.ts';
import { conditionsOf, draftOf, wrongFields } from './conditions-draft.ts';

const conditions = create(TradingConditionsSchema, {
  feePlan: { name: 'standard', makerBps: 1, takerBps: 5 },
  orderNotionalMax: '1000000',
  openOrdersMax: 200,
  ordersPerSecondMax: 50,
  marketOrdersPermitted: true,
});

describe('conditionsOf', () => {
  it('leads back to the conditions that the form began with', () => {
    expect(create(TradingConditionsSchema, conditionsOf(draftOf(conditions)))).toEqual(conditions);
  });

  it('tells no limit from a limit of nothing', () => {
    const draft = { ...draftOf(conditions), openNotionalMax: '0', orderNotionalMax: '' };
    expect(conditionsOf(draft)).toMatchObject({ openNotionalMax: '0', orderNotionalMax: '' });
  });
});

describe('wrongFields', () => {
  it('names what is no number within its bound', () => {
    const draft = { ...draftOf(conditions), makerBps: '1001', openOrdersMax: 'many', transferAmountMax: '-1' };
    expect(wrongFields(draft)).toEqual(['makerBps', 'openOrdersMax', 'transferAmountMax']);
    expect(wrongFields(draftOf(conditions))).toEqual([]);
  });
});
