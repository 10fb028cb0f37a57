import { describe, expect, it } from 'vitest';
import {
  type ConditionsText,
  type FieldProblem,
  formatConditions,
  parseConditions,
  sameConditions,
} from './conditions.ts';

const standard: ConditionsText = {
  feePlan: { name: 'standard', makerBps: 2, takerBps: 5 },
  orderNotionalMax: '1000000.00',
  openNotionalMax: '5000000.00',
  openOrdersMax: 200,
  ordersPerSecondMax: 50,
  positionQuantityMax: '',
  marketOrdersPermitted: true,
  transferAmountMax: '',
};

function parse(change: Partial<ConditionsText>) {
  const problems: FieldProblem[] = [];
  const conditions = parseConditions({ ...standard, ...change }, problems);
  return { conditions, fields: problems.map(({ field }) => field) };
}

describe('parseConditions', () => {
  it('reads decimals exactly and an empty limit as none', () => {
    const { conditions, fields } = parse({ orderNotionalMax: '0.10', positionQuantityMax: '1.5' });
    expect(fields).toEqual([]);
    expect(conditions?.orderNotionalMaxMicros).toBe(100_000n);
    expect(conditions?.positionQuantityMaxMicros).toBe(1_500_000n);
    expect(conditions?.transferAmountMaxMicros).toBeNull();
  });

  it('names every field that is wrong at once', () => {
    const { conditions, fields } = parse({
      feePlan: { name: '', makerBps: 1_001, takerBps: 5 },
      orderNotionalMax: '-1',
      openNotionalMax: '1e6',
      openOrdersMax: 0,
      ordersPerSecondMax: 10_001,
    });
    expect(conditions).toBeUndefined();
    expect(fields.sort()).toEqual(
      [
        'fee_plan.maker_bps',
        'fee_plan.name',
        'open_notional_max',
        'open_orders_max',
        'order_notional_max',
        'orders_per_second_max',
      ].sort(),
    );
  });

  it('refuses conditions without a fee plan', () => {
    expect(parse({ feePlan: undefined }).fields).toEqual(['fee_plan']);
  });
});

describe('formatConditions', () => {
  it('writes what parseConditions read', () => {
    const { conditions } = parse({});
    expect(conditions && formatConditions(conditions)).toEqual(standard);
  });
});

describe('sameConditions', () => {
  it('compares values, not spelling', () => {
    const { conditions: a } = parse({ orderNotionalMax: '1.0' });
    const { conditions: b } = parse({ orderNotionalMax: '1.00' });
    const { conditions: c } = parse({ orderNotionalMax: '' });
    expect(a && b && sameConditions(a, b)).toBe(true);
    expect(a && c && sameConditions(a, c)).toBe(false);
  });
});
