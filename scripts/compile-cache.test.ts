import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

// The first stage is plain JavaScript without types.
type CompileCache = { fillWhenStale(directory: string, fill: () => Promise<boolean>): Promise<void> };
const { fillWhenStale }: CompileCache = await import(new URL('compile-cache.mjs', import.meta.url).href);

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-cache-'));
  writeFileSync(join(directory, 'package-lock.json'), '{}');
  for (const folder of ['gateway', 'gen', 'platform', 'scripts', 'services/order']) {
    mkdirSync(join(directory, folder), { recursive: true });
  }
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('fillWhenStale', () => {
  test('fills once, and again after a source was changed or added', async () => {
    const fill = vi.fn(async () => true);
    await fillWhenStale(directory, fill);
    await fillWhenStale(directory, fill);
    expect(fill).toHaveBeenCalledTimes(1);
    writeFileSync(join(directory, 'services/order/main.ts'), 'export {};');
    await fillWhenStale(directory, fill);
    await fillWhenStale(directory, fill);
    expect(fill).toHaveBeenCalledTimes(2);
  });

  test('tries again after it failed', async () => {
    const fill = vi.fn(async () => false);
    await fillWhenStale(directory, fill);
    await fillWhenStale(directory, fill);
    expect(fill).toHaveBeenCalledTimes(2);
  });

  test('does not mind a folder that cannot be read or written', async () => {
    await expect(fillWhenStale(join(directory, 'missing'), async () => true)).resolves.toBeUndefined();
  });
});
