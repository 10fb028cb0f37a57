/** A system that drills are rehearsed on, one after another, with people who trade. */
import { join } from 'node:path';
import type { Finding } from '../chaos/judge/finding.ts';
import { judge } from '../chaos/judge/judge.ts';
import { untilQuiet } from '../chaos/judge/quiet.ts';
import { type ChaosSystem, startChaosSystem } from '../chaos/system/chaos-system.ts';
import { type Market, openMarket, renewToken } from '../chaos/traffic/open-market.ts';
import type { Operation } from '../chaos/traffic/operations.ts';
import { startTraffic, type Traffic } from '../chaos/traffic/run-traffic.ts';
import type { LocalDrill } from './fault.ts';

/** What drills share. */
export type Scene = AsyncDisposable & {
  target: ChaosSystem;
  /** Lets people trade, until `finish`. */
  trade(): Promise<Traffic>;
  /** Waits until everything is final, then judges all that has happened so far. */
  judge(): Promise<Finding[]>;
};

const ratePerSecond = 8;
const users = 4;
const symbols = 2;
const quietTimeoutMs = 90_000;
const diskMib = 2_048;
// The audit of a short drill is not waited for.
const environment = { AUDIT_EVERY_MS: '5000' };

/** Starts a system that these drills can be rehearsed on. */
export async function startScene(drills: readonly LocalDrill[]): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const target = stack.use(
    await startChaosSystem({
      ...{ replicas: 1, replicasOf: { exchange: 2 } },
      ...(drills.some(({ disk }) => disk) ? { diskMib } : {}),
      env: environment,
    }),
  );
  const market = await openMarket(target.system, { users, symbols });
  const operations: Operation[] = [];
  let runs = 0;
  const started = stack.move();
  return {
    target,
    async trade() {
      await renewTokens(target, market);
      runs += 1;
      const traffic = startTraffic({
        ...{ market, ratePerSecond, kinds: 'plain', seed: runs },
        gatewayUrls: target.system.gatewayUrls,
        recordPath: join(target.folder, `client-records-${runs}.jsonl`),
      });
      return {
        ...traffic,
        async finish(timeoutMs) {
          await traffic.finish(timeoutMs);
          operations.push(...traffic.operations);
        },
      };
    },
    async judge() {
      const open = await untilQuiet(target.system, () => 0, quietTimeoutMs);
      if (open.length > 0) return open.map((detail) => ({ rule: 'quiet-in-time', subject: 'the system', detail }));
      return judge(target.system, { market, operations });
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function renewTokens({ system }: ChaosSystem, market: Market): Promise<void> {
  for (const user of market.users) user.token = await renewToken(system.gatewayUrl, user);
}
