import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PriceDirection, RuleState } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderType, SelfTradePrevention, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { deleteExpiredOnce } from '../jobs/delete-expired-rows.ts';
import { insertRuns } from '../store/insert-runs.ts';
import {
  createRule,
  createTestWorld,
  marketOrder,
  scheduled,
  type TermsInit,
  type TestReplica,
  type TestWorld,
} from '../testing/start-auto.ts';

const everyDay = scheduled('0 9 * * *');
const betaOrder = { case: 'order', value: { ...marketOrder.value, symbol: 'BETA' } } as const;

describe('AutoService', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeAll(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const tokenOf = async (userId = uuidV7()) => ({ userToken: await world.identity.userToken({ userId }) });
  const refusalOf = async (terms: TermsInit | undefined) =>
    failureOf(service.auto.createRule({ idempotencyKey: crypto.randomUUID(), terms }, await tokenOf()));

  it('returns what was created, with the time of its next run', async () => {
    const order = {
      symbol: 'ACME',
      side: Side.SELL,
      type: OrderType.LIMIT,
      timeInForce: TimeInForce.GTC,
      size: { case: 'quantity', value: '10.5' },
      limitPrice: '187.25',
      postOnly: true,
    } as const;
    const trigger = { case: 'schedule', value: { cron: '30 9 * * *', timeZone: 'Europe/Zurich' } } as const;
    const terms = { name: ' daily ', trigger, action: { case: 'order', value: order } } as const;
    const rule = await createRule(world, service, terms);
    expect(rule).toMatchObject({
      state: RuleState.ENABLED,
      terms: { name: 'daily', trigger, action: { case: 'order', value: order } },
    });
    const next = new Date(Number(rule.nextRunTime?.seconds) * 1_000);
    const local = next.toLocaleTimeString('en-GB', { timeZone: 'Europe/Zurich' });
    expect(local).toBe('09:30:00');
    expect(next.getTime()).toBeGreaterThan(Date.now());
    const { as, ...plain } = rule;
    expect((await service.auto.getRule({ ruleId: rule.ruleId }, as)).rule).toEqual(plain);
  });

  it.each([
    ['stop_price', { stopPrice: '5' }],
    ['trail_percent', { trail: { case: 'trailPercent', value: '5' } }],
    ['display_quantity', { displayQuantity: '1' }],
    ['minimum_quantity', { minimumQuantity: '1' }],
    ['slide', { slide: true, postOnly: true }],
    ['expire_time', { expireTime: { seconds: 5n } }],
    ['self_trade_prevention', { selfTradePrevention: SelfTradePrevention.DECREMENT }],
  ] as const)('refuses %s by name: automations place plain orders', async (field, more) => {
    const order = { symbol: 'ACME', side: Side.BUY, type: OrderType.LIMIT, limitPrice: '5', ...more } as const;
    const size = { case: 'quantity', value: '1' } as const;
    const action = { case: 'order', value: { ...order, size } } as const;
    const failure = await refusalOf({ ...everyDay, action });
    expect([failure.reason, failure.message]).toEqual([ErrorReason.INVALID_FIELD, expect.stringContaining(field)]);
  });

  it('creates one rule under a key, however often and at once it is sent; other terms under it are refused', async () => {
    const as = await tokenOf();
    const request = { idempotencyKey: 'weekly', terms: everyDay };
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.auto.createRule(request, as)));
    expect(new Set(answers.map(({ rule }) => rule?.ruleId)).size).toBe(1);
    const ruleId = answers[0]?.rule?.ruleId ?? '';
    await service.auto.setRuleEnabled({ ruleId, enabled: false }, as);
    expect(await service.auto.createRule(request, as)).toEqual(answers[0]);
    const other = failureOf(service.auto.createRule({ ...request, terms: scheduled('1 9 * * *') }, as));
    expect(await other).toMatchObject({ code: Code.ALREADY_EXISTS, reason: ErrorReason.KEY_REUSED });
    expect((await service.auto.listRules({}, as)).rules).toHaveLength(1);
    expect((await service.auto.createRule(request, await tokenOf())).rule?.ruleId).not.toBe(ruleId);
  });

  it('answers a repeat from its key, whatever has become of the schedule, the symbol and the limit since', async () => {
    const as = await tokenOf();
    // At the time to which the clock is set below there is no further run.
    const request = { idempotencyKey: 'once', terms: scheduled('0 9 29 2 *', { action: betaOrder }) };
    const first = await service.auto.createRule(request, as);
    const { prices } = world.peers;
    const price = prices.get('BETA') ?? '';
    prices.delete('BETA');
    const fresh = await world.start();
    world.skewMs = 8_000_000 * 86_400_000;
    try {
      expect(await fresh.auto.createRule(request, as)).toEqual(first);
      const other = { ...request, terms: scheduled('0 9 28 2 *', { action: betaOrder }) };
      expect((await failureOf(fresh.auto.createRule(other, as))).reason).toBe(ErrorReason.KEY_REUSED);
      world.skewMs = 0;
      const unlisted = failureOf(fresh.auto.createRule({ ...request, idempotencyKey: 'another' }, as));
      expect((await unlisted).reason).toBe(ErrorReason.SYMBOL_UNKNOWN);
    } finally {
      world.skewMs = 0;
      prices.set('BETA', price);
      await fresh[Symbol.asyncDispose]();
    }
  });

  it('names the invalid field', async () => {
    const condition = { symbol: 'ACME', direction: PriceDirection.AT_OR_ABOVE as PriceDirection, price: '1' };
    const onPrice = (changes: Partial<typeof condition>): TermsInit => ({
      name: 'x',
      trigger: { case: 'condition', value: { ...condition, ...changes } },
      action: marketOrder,
    });
    const alert = { case: 'alert', value: { note: '' } } as const;
    const order = { ...marketOrder.value, type: OrderType.STOP };
    const wrong: [string, TermsInit | undefined][] = [
      ['terms', undefined],
      ['terms.name', { ...everyDay, name: '' }],
      ['terms.name', { ...everyDay, name: 'a\nb' }],
      ['terms.schedule', { name: 'x', action: marketOrder }],
      ['terms.order', { ...everyDay, action: { case: undefined } }],
      ['terms.alert', { ...everyDay, action: alert }],
      ['terms.alert.note', { ...onPrice({}), action: { case: 'alert', value: { note: 'x'.repeat(201) } } }],
      ['terms.order.type', { ...everyDay, action: { case: 'order', value: order } }],
      ['terms.condition.symbol', onPrice({ symbol: '' })],
      ['terms.condition.direction', onPrice({ direction: PriceDirection.UNSPECIFIED })],
      ['terms.condition.price', onPrice({ price: '1e400' })],
      ['terms.condition.price', onPrice({ price: '0' })],
      ['terms.condition.price', onPrice({ price: '999999999999999999' })],
    ];
    for (const [field, terms] of wrong) {
      expect(await refusalOf(terms), field).toMatchObject({ code: Code.INVALID_ARGUMENT, violations: [{ field }] });
    }
    const noKey = failureOf(service.auto.createRule({ terms: everyDay }, await tokenOf()));
    expect(await noKey).toMatchObject({ violations: [{ field: 'idempotency_key' }] });
  });

  it('refuses schedules that come too often or not at all, and symbols that are not listed', async () => {
    for (const cron of ['* * * * * *', '0 0 30 2 *', 'every day']) {
      expect(await refusalOf(scheduled(cron))).toMatchObject({
        code: Code.INVALID_ARGUMENT,
        reason: ErrorReason.SCHEDULE_INVALID,
        violations: [{ field: 'terms.schedule.cron' }],
      });
    }
    const trigger = { case: 'schedule', value: { cron: '0 9 * * *', timeZone: 'Mars/Base' } } as const;
    expect(await refusalOf({ ...everyDay, trigger })).toMatchObject({
      violations: [{ field: 'terms.schedule.time_zone' }],
    });
    const action = { case: 'order', value: { ...marketOrder.value, symbol: 'NOPE' } } as const;
    expect(await refusalOf({ ...everyDay, action })).toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
  });

  it('limits an account to 100 rules, also when they come at once', async () => {
    const accountId = uuidV7();
    const as = await tokenOf(accountId);
    const create = (key: string) => service.auto.createRule({ idempotencyKey: key, terms: everyDay }, as);
    for (let count = 0; count < 98; count += 1) await create(`k${count}`);
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(create));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const over = await failureOf(create('e'));
    expect(over).toMatchObject({ reason: ErrorReason.RULES_OVER_LIMIT, metadata: { limit: '100' } });
    const { rules } = await service.auto.listRules({ pageSize: 100 }, as);
    expect(rules).toHaveLength(100);
    await service.auto.deleteRule({ ruleId: rules[0]?.ruleId }, as);
    await create('f');
    expect((await failureOf(create('e'))).reason).toBe(ErrorReason.RULES_OVER_LIMIT);
  });

  it('returns pages of rules, newest first, without deleted ones', async () => {
    const accountId = uuidV7();
    const rules = [];
    for (const name of ['1', '2', '3', '4'])
      rules.push(await createRule(world, service, { ...everyDay, name }, accountId));
    const as = await tokenOf(accountId);
    await service.auto.deleteRule({ ruleId: rules[3]?.ruleId }, as);
    await service.auto.deleteRule({ ruleId: rules[3]?.ruleId }, as);
    const first = await service.auto.listRules({ pageSize: 2 }, as);
    expect(first.rules.map(({ terms }) => terms?.name)).toEqual(['3', '2']);
    const second = await service.auto.listRules({ pageSize: 2, pageToken: first.nextPageToken }, as);
    expect(second.rules.map(({ terms }) => terms?.name)).toEqual(['1']);
    expect(second.nextPageToken).toBe('');
    const deleted = await service.auto.getRule({ ruleId: rules[3]?.ruleId }, as);
    expect(deleted.rule?.state).toBe(RuleState.DELETED);
    const resume = failureOf(service.auto.setRuleEnabled({ ruleId: rules[3]?.ruleId, enabled: true }, as));
    expect(await resume).toMatchObject({ code: Code.NOT_FOUND });
  });

  it("shows another's rules to staff alone, and lets only the owner change them", async () => {
    const { ruleId, accountId } = await createRule(world, service, everyDay);
    const eve = await tokenOf();
    const staff = { userToken: await world.identity.userToken({ roles: ['operator'] }) };
    for (const call of ['getRule', 'setRuleEnabled', 'deleteRule', 'listRuns'] as const) {
      const theft = await failureOf(service.auto[call]({ ruleId }, eve));
      expect(theft, call).toMatchObject({ code: Code.NOT_FOUND, reason: ErrorReason.RULE_NOT_FOUND });
    }
    for (const call of ['setRuleEnabled', 'deleteRule'] as const) {
      expect((await failureOf(service.auto[call]({ ruleId }, staff))).code).toBe(Code.NOT_FOUND);
    }
    expect((await failureOf(service.auto.listRules({ accountId }, eve))).code).toBe(Code.NOT_FOUND);
    expect((await service.auto.getRule({ ruleId }, staff)).rule?.ruleId).toBe(ruleId);
    expect((await service.auto.listRules({ accountId }, staff)).rules).toHaveLength(1);
    expect((await service.auto.listRuns({ ruleId }, staff)).runs).toEqual([]);
    expect((await failureOf(service.auto.getRule({ ruleId: 'x' }, eve))).code).toBe(Code.NOT_FOUND);
  });

  it('stores the newest 1000 runs of a rule, and returns pages of them', async () => {
    const { ruleId, as } = await createRule(world, service, everyDay);
    const runs = Array.from({ length: 1_005 }, (_, index) => ({
      ruleId,
      scheduledTimeMs: 1_700_000_000_000 + index * 5_000,
      outcome: 'done' as const,
    }));
    await insertRuns(world.db, runs, Date.now());
    expect(await insertRuns(world.db, runs, Date.now())).toEqual([]);
    await deleteExpiredOnce({ db: world.db, nowMs: Date.now });
    const { rows } = await world.db.query<{ count: bigint }>('SELECT count(*) FROM run WHERE rule_id = $1', [ruleId]);
    expect(rows[0]?.count).toBe(1_000n);
    const first = await service.auto.listRuns({ ruleId, pageSize: 200 }, as);
    expect(first.runs).toHaveLength(200);
    expect(first.runs[0]?.scheduledTime?.seconds).toBe(1_700_005_020n);
    const second = await service.auto.listRuns({ ruleId, pageToken: first.nextPageToken }, as);
    expect(second.runs[0]?.scheduledTime?.seconds).toBe(1_700_004_020n);
  });
});
