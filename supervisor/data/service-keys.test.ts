import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeServiceKeys, readServiceKeys, serviceKeyFiles } from './service-keys.ts';

const order = { name: 'order' };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-keys-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('makeServiceKeys', () => {
  it('makes a key for each service once, readable by its owner only, and lists what is public of all', async () => {
    makeServiceKeys(directory, [order]);
    const [key] = (await readServiceKeys(directory, 'order').readOwn()).keys;
    makeServiceKeys(directory, [order, { name: 'ledger' }]);
    const { readOwn, readPublic } = readServiceKeys(directory, 'order');
    expect(await readOwn()).toEqual({ keys: [key] });
    const { keys } = await readPublic();
    expect(keys.map(({ kid }) => kid?.split('.')[0])).toEqual(['order', 'ledger']);
    expect(readFileSync(serviceKeyFiles(directory, 'order').public, 'utf8')).not.toContain('"d"');
    expect(statSync(serviceKeyFiles(directory, 'order').own).mode & 0o777).toBe(0o600);
  });

  it('refuses a damaged file instead of replacing it', () => {
    makeServiceKeys(directory, [order]);
    writeFileSync(serviceKeyFiles(directory, 'order').own, '{"keys": ');
    expect(() => makeServiceKeys(directory, [order])).toThrow('is damaged');
  });
});
