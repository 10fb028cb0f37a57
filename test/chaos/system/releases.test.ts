import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkoutOf, releasesVariable } from './releases.ts';

describe('checkoutOf', () => {
  it('is that of the replica, else that of all, as they stand at the moment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-releases-'));
    const env = { [releasesVariable]: join(folder, 'releases.json') };
    writeFileSync(env[releasesVariable], JSON.stringify({ all: '/last', 'order-1': '/next' }));
    expect(['order-0', 'order-1'].map((replica) => checkoutOf(replica, env))).toEqual(['/last', '/next']);
    writeFileSync(env[releasesVariable], JSON.stringify({ all: '/next' }));
    expect(checkoutOf('order-0', env)).toBe('/next');
    rmSync(folder, { recursive: true });
  });

  it('is none without the file, and refuses a file that is not there', () => {
    expect(checkoutOf('order-0', {})).toBeUndefined();
    expect(() => checkoutOf('order-0', { [releasesVariable]: '/nowhere' })).toThrow('ENOENT');
  });
});
