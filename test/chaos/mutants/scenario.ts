/** What goes wrong in a short run that is meant to show one kind of fault. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDayClient, type DayClient } from '../crash-points/client.ts';
import type { Finding } from '../judge/finding.ts';
import { judge } from '../judge/judge.ts';
import { untilQuiet } from '../judge/quiet.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { Market } from '../traffic/open-market.ts';
import type { Operation } from '../traffic/operations.ts';
import { startTraffic } from '../traffic/run-traffic.ts';

/** What a scenario works with. */
export type Stage = {
  target: ChaosSystem;
  market: Market;
  /** Calls one by one. */
  client: DayClient;
  /** Runs `work` while users trade. */
  whileTrading(options: TradingOptions, work: () => Promise<void>): Promise<void>;
};

/** How users trade meanwhile. */
export type TradingOptions = {
  ratePerSecond: number /** Of 1,000 calls, those that cross the spread. */;
  crossingOf1000?: number;
};

/** Makes something go wrong; resolves when the system may become quiet. */
export type Scenario = (stage: Stage) => Promise<void>;

/** A system with its market, on which scenarios run. */
export type Theatre = {
  run(scenario: Scenario): Promise<void>;
  /** Waits for quiet, at most `quietTimeoutMs`, and judges all that was done so far. */
  judge(quietTimeoutMs: number): Promise<Finding[]>;
};

const finishTimeoutMs = 15_000;

/** Sets the scene in a running system. */
export function openTheatre(target: ChaosSystem, market: Market): Theatre {
  const operations: Operation[] = [];
  let runs = 0;
  const whileTrading = async (options: TradingOptions, work: () => Promise<void>) => {
    runs += 1;
    const traffic = startTraffic({
      ...options,
      kinds: 'plain',
      market,
      gatewayUrls: target.system.gatewayUrls,
      seed: runs,
      recordPath: join(target.folder, `client-records-${runs}.jsonl`),
    });
    await sleep(1_000);
    await work();
    await traffic.finish(finishTimeoutMs);
    operations.push(...traffic.operations);
  };
  return {
    async run(scenario) {
      using client = createDayClient(target.system.gatewayUrls, market);
      await scenario({ target, market, client, whileTrading });
      operations.push(...client.operations);
    },
    async judge(quietTimeoutMs) {
      const open = await untilQuiet(target.system, () => 0, quietTimeoutMs);
      const late = open.map((detail) => ({ rule: 'quiet-in-time', subject: 'never quiet', detail }));
      return [...late, ...(await judge(target.system, { market, operations }))];
    },
  };
}
