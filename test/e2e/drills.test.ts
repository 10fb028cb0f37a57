import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, assert, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { examine } from '../../scripts/doctor/index.ts';
import { type LocalDrill, localDrills, rehearse, type Scene, startScene } from '../drills/index.ts';

/** What a busy machine is found for. */
const ofLoad: ReadonlySet<string> = new Set(['event-loop-blocked', 'disk-slow', 'database-slow', 'orders-slow']);
let scene: Scene;

beforeAll(async () => {
  scene = await startScene([]);
}, 180_000);
afterAll(() => scene?.[Symbol.asyncDispose](), 90_000);

function drillOf(name: string): LocalDrill {
  const drill = localDrills.find((one) => one.name === name);
  assert(drill !== undefined, `there is no drill ${name}`);
  return drill;
}

describe('examine', () => {
  it('finds nothing at a system that is well', { timeout: 120_000 }, async () => {
    // A look into which the machine stands still finds processes that do not answer.
    await eventually(
      async () => {
        const found = await examine({ data: scene.target.system.dataDirectory, expectsSystem: true });
        expect(found.filter(({ code }) => !ofLoad.has(code))).toEqual([]);
      },
      { timeoutMs: 45_000 },
    );
  });
});

describe('rehearse', () => {
  it('a process that stands still is named by the doctor, and all is accounted for', { timeout: 240_000 }, async () => {
    const rehearsal = await rehearse(scene, drillOf('dead-follower'), { alerts: false });
    expect(rehearsal.problems).toEqual([]);
    expect(rehearsal.doctorSeconds).toBeLessThan(60);
  });

  it('an event that cannot be read fires its alert', { timeout: 300_000 }, async (test) => {
    const isPresent = await promisify(execFile)('prometheus', ['--version']).then(
      () => true,
      () => false,
    );
    requireOrSkip(test, isPresent, 'prometheus is not installed');
    const rehearsal = await rehearse(scene, drillOf('poison-message'));
    expect(rehearsal.problems).toEqual([]);
    expect(rehearsal.alertSeconds).toBeLessThan(120);
  });
});
