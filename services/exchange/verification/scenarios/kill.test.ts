import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { startProcess, untilServing } from '../../testing/exchange-process.ts';
import { connectExchange } from '../../testing/running-exchange.ts';
import { runKillLoop } from '../kill-loop/kill-loop.ts';

// A longer run: npm run exchange:kill -- --times 100
const times = 6;
const durationMsMax = 100_000;

describe('kill -9 of the exchange at random moments', () => {
  it.each([
    ['a single process', 1, 11],
    ['the leader, or its standby', 2, 12],
  ])('loses no acknowledged order and changes no event: %s', { timeout: 150_000 }, async (_, processCount, seed) => {
    const database = await createTestDatabase();
    const report = await runKillLoop({ databaseUrl: database.url, times, durationMsMax, seed, processCount });
    expect(report.kills).toHaveLength(times);
    expect(report.acknowledged).toBeGreaterThan(100);
    await database.drop();
  });
});

describe('SIGTERM', () => {
  it('ends the process with exit code 0', { timeout: 60_000 }, async () => {
    const database = await createTestDatabase();
    using running = await startProcess(database.url);
    await using clients = connectExchange(running.port);
    await untilServing(clients);
    running.child.kill('SIGTERM');
    await running.exited;
    expect(running.child.exitCode).toBe(0);
    await database.drop();
  });
});
