import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fillCompileCache, fillWhenStale } from './compile-cache.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-cache-'));
  writeFileSync(join(directory, 'package-lock.json'), '{}');
  for (const folder of ['gateway', 'gen', 'platform', 'services/order', 'supervisor']) {
    mkdirSync(join(directory, folder), { recursive: true });
  }
});

afterEach(() => rmSync(directory, { recursive: true }));

function fillIn(projectDirectory: string, fill: () => Promise<boolean>): Promise<boolean> {
  return fillWhenStale({ projectDirectory, cacheDirectory: join(directory, 'cache'), fill });
}

describe('fillWhenStale', () => {
  it('fills once, and again after a source was changed or added', async () => {
    const fill = vi.fn(async () => true);
    await fillIn(directory, fill);
    await fillIn(directory, fill);
    expect(fill).toHaveBeenCalledTimes(1);
    writeFileSync(join(directory, 'services/order/main.ts'), 'export {};');
    await fillIn(directory, fill);
    await fillIn(directory, fill);
    expect(fill).toHaveBeenCalledTimes(2);
  });

  it('tries again after it failed', async () => {
    const fill = vi.fn(async () => false);
    await fillIn(directory, fill);
    await fillIn(directory, fill);
    expect(fill).toHaveBeenCalledTimes(2);
  });

  it('does not mind a folder that cannot be read or written', async () => {
    expect(await fillIn(join(directory, 'missing'), async () => true)).toBe(false);
  });
});

describe('fillCompileCache', () => {
  it('does nothing where no cache is asked for', async () => {
    expect(await fillCompileCache(directory, {}, AbortSignal.timeout(1_000))).toBe(false);
  });
});
