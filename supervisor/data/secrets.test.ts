import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecrets } from './secrets.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-secrets-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('loadSecrets', () => {
  it('makes them once, readable by their owner only', () => {
    const secrets = loadSecrets(directory);
    expect(loadSecrets(directory)).toEqual(secrets);
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(new Set(Object.values(secrets)).size).toBe(5);
    expect(secrets.serviceSecret.length).toBeGreaterThanOrEqual(32);
  });

  it('makes only those that are missing', () => {
    const stored = { postgresPassword: 'stored', serviceTokenSecret: 'former' };
    writeFileSync(join(directory, 'secrets.json'), JSON.stringify(stored));
    const made = { postgresPassword: 'stored', serviceSecret: 'former', adminPassword: expect.any(String) };
    expect(loadSecrets(directory)).toMatchObject(made);
  });

  it('refuses a damaged file instead of replacing it', () => {
    writeFileSync(join(directory, 'secrets.json'), '{"postgresPassword": ');
    expect(() => loadSecrets(directory)).toThrow('is damaged');
  });
});
