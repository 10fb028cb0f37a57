/** A sample of the crash points of a day; `npm run chaos -- --points` takes all of them. */
import { expect, it } from 'vitest';
import { runPoints } from '../chaos/crash-points/run-points.ts';
import { startChaosSystem } from '../chaos/system/chaos-system.ts';

// One point in so many, others in each run.
const every = 40;

it('every step of a day ends complete or compensated, wherever a process of it ends', {
  timeout: 300_000,
}, async () => {
  await using target = await startChaosSystem({ replicas: 1, points: true });
  const first = Math.floor(Math.random() * every);
  const lines: string[] = [];
  const { total, reached, findings } = await runPoints({
    ...{ target, every, first },
    signal: AbortSignal.timeout(280_000),
    onProgress: (line) => lines.push(line),
  });
  expect(findings, `first ${first}\n${lines.join('\n')}`).toEqual([]);
  expect(total).toBeGreaterThan(200);
  expect(reached).toBeGreaterThan(0);
});
