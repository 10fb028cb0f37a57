import { describe, expect, it } from 'vitest';
import { makeSecrets } from './secrets.ts';

describe('makeSecrets', () => {
  it('gives each database a password of its own, the same in its URL and for PostgreSQL', () => {
    const secrets = makeSecrets(['order', 'bus']);
    const find = (name: string) => secrets.find(({ metadata }) => metadata.name === name)?.stringData ?? {};
    const passwords = find('postgres-databases');
    expect(Object.keys(passwords)).toEqual(['order', 'bus']);
    expect(passwords.order).not.toBe(passwords.bus);
    expect(find('database-order').url).toBe(`postgres://order:${passwords.order}@postgres:5432/order`);
  });

  it('makes secrets that the services take, and never the same twice', () => {
    const tokens = () =>
      makeSecrets([]).find(({ metadata }) => metadata.name === 'service-token')?.stringData.SERVICE_TOKEN_SECRET ?? '';
    expect(tokens().length).toBeGreaterThanOrEqual(32);
    expect(tokens()).not.toBe(tokens());
  });
});
