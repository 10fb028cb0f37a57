import { expect, it } from 'vitest';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { runSession } from '../../services/simulator/index.ts';
import { HouseMarket } from './house-market.ts';
import { createVirtualClock } from './virtual-clock.ts';

const symbols = ['ACME', 'BOLT'];
const dayMs = 86_400_000;
const warmUpMs = 10_000;

it('the house has two-sided quotes through a whole day, and trades in each hour', { timeout: 300_000 }, async () => {
  const clock = createVirtualClock();
  const market = new HouseMarket(symbols, clock.nowMs);
  const stop = new AbortController();
  const session = runSession({
    clients: market.clients,
    seed: 7,
    commandsPerSecondMax: 50,
    makers: 1,
    takers: 1,
    clock,
    marketSpeed: () => 1,
    metrics: createMetrics('simulator'),
    logger: createLogger({ service: 'simulator', level: 'silent' }),
    signal: stop.signal,
  }).catch(() => {});

  const oneSided: string[] = [];
  const tradesByHour: number[] = [];
  let nextMinuteMs = warmUpMs;
  await clock.run(dayMs, (nowMs) => {
    if (nowMs < nextMinuteMs) return;
    nextMinuteMs += 60_000;
    oneSided.push(...symbols.filter((symbol) => !market.isTwoSided(symbol)));
    tradesByHour[Math.floor(nowMs / 3_600_000)] = market.trades;
  });
  stop.abort();
  await session;

  expect(oneSided).toEqual([]);
  const hourly = tradesByHour.map((trades, hour) => trades - (tradesByHour[hour - 1] ?? 0));
  expect(hourly).toHaveLength(24);
  expect(Math.min(...hourly)).toBeGreaterThan(100);
  expect(market.commands / (dayMs / 1_000)).toBeLessThanOrEqual(50);
});
