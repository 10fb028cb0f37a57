import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/env.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { fixedRole, openRole, roleLookEveryMs } from './role.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outcry-role-'));
  path = join(directory, 'role');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const options = { logger: silentLogger, service: 'order' };
const poll = (read: () => unknown) => expect.poll(read, { timeout: 10_000, interval: 20 });

/** Replaces the file at once, as Kubernetes does. */
async function write(text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

describe('openRole', () => {
  it('takes the names of Flagger’s Deployments for roles, and those of no other service', async () => {
    for (const [word, isPromoted] of [
      ['order-primary', true],
      ['order', false],
    ] as const) {
      await write(word);
      using role = openRole(path, options);
      expect(role.isPromoted()).toBe(isPromoted);
    }
    await write('ledger-primary');
    expect(() => openRole(path, options)).toThrow(ConfigError);
  });

  it('leaves a mirror one for as long as it lives', async () => {
    await write('mirror');
    using role = openRole(path, options);
    expect([role.isMirror, role.isPromoted()]).toEqual([true, false]);
    await write('stable');
    expect(await role.promotion(AbortSignal.timeout(3 * roleLookEveryMs))).toBeUndefined();
    expect([role.isMirror, role.isPromoted()]).toEqual([true, false]);
  });

  it('waits for a promotion, whose signal aborts at the demotion, and for the next one', async () => {
    await write('canary\n');
    using role = openRole(path, options);
    expect(role.isPromoted()).toBe(false);
    for (let round = 0; round < 2; round += 1) {
      const promotion = role.promotion(new AbortController().signal);
      await write('stable');
      const promoted = await promotion;
      expect([role.isPromoted(), promoted?.aborted]).toEqual([true, false]);
      await write('canary');
      await poll(() => promoted?.aborted).toBe(true);
      expect(role.isPromoted()).toBe(false);
    }
  });

  it('ends the wait, and the promotion, with the signal of the caller', async () => {
    await write('stable');
    using role = openRole(path, options);
    const stop = new AbortController();
    const promoted = await role.promotion(stop.signal);
    await write('canary');
    await poll(() => role.isPromoted()).toBe(false);
    const waiting = role.promotion(stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(promoted?.aborted).toBe(true);
  });

  it('refuses a file that names no role, and later leaves the role as it is', async () => {
    expect(() => openRole(path, options)).toThrow(ConfigError);
    await write('leader');
    expect(() => openRole(path, options)).toThrow('none of the words stable, canary');
    await write('stable');
    let warnings = 0;
    const logger = Object.assign(Object.create(silentLogger), { warn: () => (warnings += 1) });
    using role = openRole(path, { ...options, logger });
    await rm(path);
    await poll(() => warnings).toBeGreaterThan(0);
    expect(role.isPromoted()).toBe(true);
  });
});

describe('fixedRole', () => {
  it('is promoted until the signal aborts', async () => {
    const role = fixedRole();
    const stop = new AbortController();
    expect(await role.promotion(stop.signal)).toBe(stop.signal);
    stop.abort();
    expect([role.isPromoted(), await role.promotion(stop.signal)]).toEqual([true, undefined]);
  });
});
