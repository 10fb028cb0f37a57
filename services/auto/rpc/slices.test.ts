import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PriceDirection, RuleState, SliceAlgorithm } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { inSlices } from '../testing/slices.ts';
import {
  createRule,
  createTestWorld,
  scheduled,
  type TermsInit,
  type TestReplica,
  type TestWorld,
} from '../testing/start-auto.ts';

const slice = inSlices().action;
const condition = { symbol: 'ACME', direction: PriceDirection.AT_OR_ABOVE, price: '1' };

describe('AutoService, of what runs once', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeAll(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const create = async (terms: TermsInit) => {
    const as = { userToken: await world.identity.userToken({}) };
    return service.auto.createRule({ idempotencyKey: crypto.randomUUID(), terms }, as);
  };
  const refusalOf = (terms: TermsInit) => failureOf(create(terms));
  const onceAt = (timeMs: number) => ({ case: 'once', value: { startTime: timestampFromMs(timeMs) } }) as const;

  it('returns a slice as it was created, with its time, and leaves it waiting until then', async () => {
    const trigger = onceAt(Date.now() + 3_600_000);
    const init = { algorithm: SliceAlgorithm.VWAP, maxPercent: '12.50', limitPrice: '9.90', durationMs: 3_600_500 };
    const rule = await createRule(world, service, { ...inSlices({ ...init, orderCount: 0 }), trigger });
    const stated = { ...inSlices({ ...init, orderCount: 60, maxPercent: '12.5', limitPrice: '9.9' }), trigger };
    expect(rule).toMatchObject({ state: RuleState.ENABLED, nextRunTime: trigger.value.startTime, terms: stated });
    const { as, ...plain } = rule;
    expect((await service.auto.getRule({ ruleId: rule.ruleId }, as)).rule).toEqual(plain);
    const paused = (await service.auto.setRuleEnabled({ ruleId: rule.ruleId, enabled: false }, as)).rule;
    expect([paused?.state, paused?.nextRunTime]).toEqual([RuleState.PAUSED, undefined]);
    expect((await service.auto.setRuleEnabled({ ruleId: rule.ruleId, enabled: true }, as)).rule).toEqual(plain);
    expect((await service.auto.listRuns({ ruleId: rule.ruleId }, as)).runs).toEqual([]);
  });

  it('says when what begins at once began, and answers a repeat the same', async () => {
    const as = { userToken: await world.identity.userToken({}) };
    const request = { idempotencyKey: 'large', terms: inSlices() };
    const first = await service.auto.createRule(request, as);
    expect(first.rule?.terms?.trigger.value).toMatchObject({ startTime: first.rule?.createTime });
    world.skewMs += 5_000;
    expect(await service.auto.createRule(request, as)).toEqual(first);
    const other = failureOf(service.auto.createRule({ ...request, terms: inSlices({ quantity: '11' }) }, as));
    expect((await other).reason).toBe(ErrorReason.KEY_REUSED);
    expect((await service.auto.listRules({}, as)).rules).toHaveLength(1);
  });

  it('names the invalid field', async () => {
    const wrong: [string, TermsInit][] = [
      ['terms.slice', scheduled('0 9 * * *', { action: slice })],
      ['terms.slice', { ...inSlices(), trigger: { case: 'condition', value: condition } }],
      ['terms.alert', { ...inSlices(), action: { case: 'alert', value: {} } }],
      ['terms.once.start_time', { ...inSlices(), trigger: onceAt(Date.now() - 120_000) }],
      ['terms.once.start_time', { ...inSlices(), trigger: onceAt(Date.now() + 367 * 86_400_000) }],
      ['terms.slice.order', { ...inSlices(), action: { case: 'slice', value: { algorithm: SliceAlgorithm.TWAP } } }],
      ['terms.slice.order.amount', inSlices({ order: { size: { case: 'amount', value: '5' } } })],
      ['terms.slice.order.type', inSlices({ order: { type: OrderType.STOP } })],
      ['terms.slice.order.side', inSlices({ order: { side: Side.UNSPECIFIED } })],
      ['terms.slice.order.time_in_force', inSlices({ order: { timeInForce: TimeInForce.FOK } })],
      ['terms.slice.order.post_only', inSlices({ order: { type: OrderType.LIMIT, limitPrice: '5', postOnly: true } })],
      ['terms.slice.order.quantity', inSlices({ order: { size: { case: 'quantity', value: '1000000001' } } })],
      ['terms.slice.algorithm', inSlices({ algorithm: SliceAlgorithm.UNSPECIFIED })],
      ['terms.slice.duration', inSlices({ durationMs: 1_999 })],
      ['terms.slice.duration', inSlices({ durationMs: 86_400_001 })],
      ['terms.slice.order_count', inSlices({ orderCount: 1 })],
      ['terms.slice.order_count', inSlices({ orderCount: 501 })],
      ['terms.slice.order_count', inSlices({ orderCount: 401 })],
      ['terms.slice.max_percent', inSlices({ maxPercent: '0' })],
      ['terms.slice.max_percent', inSlices({ maxPercent: '50.01' })],
      ['terms.slice.max_percent', inSlices({ maxPercent: '1.234' })],
    ];
    for (const [field, terms] of wrong) {
      expect(await refusalOf(terms), field).toMatchObject({ code: Code.INVALID_ARGUMENT, violations: [{ field }] });
    }
  });

  it('refuses what is between the steps of the book, with its numbers, and symbols that are not listed', async () => {
    expect(await refusalOf(inSlices({ quantity: '2.5' }))).toMatchObject({
      ...{ reason: ErrorReason.QUANTITY_NOT_ON_LOT, metadata: { quantity: '2.5', lot: '1' } },
      violations: [{ field: 'terms.slice.order.quantity' }],
    });
    expect(await refusalOf(inSlices({ limitPrice: '5.005' }))).toMatchObject({
      ...{ reason: ErrorReason.PRICE_NOT_ON_TICK, metadata: { price: '5.005', tick: '0.01' } },
      violations: [{ field: 'terms.slice.order.limit_price' }],
    });
    expect((await refusalOf(inSlices({ order: { symbol: 'NOPE' } }))).reason).toBe(ErrorReason.SYMBOL_UNKNOWN);
  });
});
