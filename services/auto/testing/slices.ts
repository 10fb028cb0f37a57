/** What tests of slices share. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { expect } from 'vitest';
import { RunOutcome, SliceAlgorithm } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { OrderTerms, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createRule, type TermsInit, type TestReplica, type TestWorld } from './start-auto.ts';

/** What a test says of a slice. */
export type SliceInit = {
  quantity?: string;
  durationMs?: number;
  orderCount?: number;
  algorithm?: SliceAlgorithm;
  maxPercent?: string;
  limitPrice?: string;
  /** Other terms of the order. */
  order?: OrderInit;
};

type OrderInit = Exclude<MessageInitShape<typeof OrderTermsSchema>, OrderTerms>;

/**
 * Terms of a buy of ACME in slices that begins at once: 10 shares in 4 orders over 400 s, evenly, unless said otherwise. A machine that
 * stands still for seconds makes none of them due.
 */
export function inSlices(init: SliceInit = {}): TermsInit {
  const { quantity = '10', durationMs = 400_000, orderCount = 4, limitPrice = '', maxPercent = '' } = init;
  const order = {
    symbol: 'ACME',
    side: Side.BUY,
    type: limitPrice === '' ? OrderType.MARKET : OrderType.LIMIT,
    size: { case: 'quantity', value: quantity },
    limitPrice,
    ...init.order,
  } as const;
  const { algorithm = SliceAlgorithm.TWAP } = init;
  const slice = { order, algorithm, duration: durationFromMs(durationMs), orderCount, maxPercent };
  return { name: 'large', trigger: { case: 'once', value: {} }, action: { case: 'slice', value: slice } };
}

type CreatedRule = Awaited<ReturnType<typeof createRule>>;

/** How a test lives with its slices; `current` gives the world and a replica of the test that runs. */
export function createSliceLook(current: () => { world: TestWorld; service: TestReplica }) {
  const runOf = async ({ ruleId, as }: CreatedRule) => (await current().service.auto.listRuns({ ruleId }, as)).runs[0];
  return {
    start: (terms = inSlices()) => createRule(current().world, current().service, terms),
    runOf,
    stateOf: async ({ ruleId, as }: CreatedRule) => (await current().service.auto.getRule({ ruleId }, as)).rule?.state,
    /** The sizes of the orders that were sent, by their numbers. */
    sizes() {
      const { calls } = current().world.peers;
      return new Map(
        calls.map(({ clientOrderId, terms }) => [Number(clientOrderId.split('-').at(-1)), terms?.size.value]),
      );
    },
    /** Waits until so many orders have an outcome, and lets the clock pass to the time of another. */
    async step(rule: CreatedRule, attempts: number, byMs = 100_000) {
      await eventually(async () => expect((await runOf(rule))?.attempts).toBe(attempts));
      current().world.skewMs += byMs;
    },
    /** The run once it has ended. */
    endedOnce: (rule: CreatedRule) =>
      eventually(async () => {
        const run = await runOf(rule);
        expect(run).toBeDefined();
        expect(run?.outcome).not.toBe(RunOutcome.PENDING);
        return run;
      }),
  };
}
