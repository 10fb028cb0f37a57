import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { MeshRpc, Retry } from './contracts.ts';
import { serviceRoutes } from './retry-routes.ts';

function rpc(name: string, retry: Retry, isPublic = true): MeshRpc {
  const path = `/outcry.user.v1.UserService/${name}`;
  return { path, callee: 'user', callers: [], isPublic, isForOperators: false, retry };
}

const rpcs = [rpc('GetProfile', 'timed'), rpc('Follow', 'untimed', false), rpc('LogIn', 'never')];
const beforeCall = 'connect-failure,refused-stream,reset-before-request';
const to = (subset: string) => ({ host: 'user', subset, port: { number: 9000 } });
const route = [
  { destination: to('stable'), weight: 100 },
  { destination: to('canary'), weight: 0 },
];

describe('serviceRoutes', () => {
  it('repeats by name what may be repeated and got no answer, bounded, and everything else only where it cannot have run', () => {
    const [file] = serviceRoutes(rpcs);
    expect(file?.name).toBe('retries-user.yaml');
    const retryOn = `${beforeCall},reset`;
    const match = (name: string) => [{ uri: { exact: `/outcry.user.v1.UserService/${name}` } }];
    expect(parse(file?.text ?? '').spec.http).toEqual([
      {
        name: 'retried',
        match: match('GetProfile'),
        retries: { attempts: 2, perTryTimeout: '120s', retryOn },
        route,
      },
      {
        name: 'retried-streams',
        match: match('Follow'),
        retries: { attempts: 2, retryOn: `${retryOn},unavailable` },
        route,
      },
      { name: 'once', retries: { attempts: 2, retryOn: beforeCall }, route },
    ]);
  });

  it('gives each process of the exchange the same routes under its own name, so that no handover is repeated', () => {
    const handover: MeshRpc = { ...rpc('Handover', 'never'), callee: 'exchange' };
    const specs = serviceRoutes([handover]).map(({ text }) => parse(text).spec);
    expect(specs.map(({ hosts }) => hosts[0])).toEqual(['exchange', 'exchange-0', 'exchange-1', 'exchange-2']);
    for (const { hosts, http } of specs) {
      const destination = { host: hosts[0], port: { number: 9000 } };
      expect(http).toMatchObject([{ name: 'once', route: [{ destination }] }]);
      expect(http[0].route).toEqual([{ destination }]);
    }
  });

  it('leaves out routes that would match nothing, which Istio takes for everything', () => {
    const [file] = serviceRoutes([rpc('LogIn', 'never')]);
    expect(parse(file?.text ?? '').spec.http).toEqual([
      { name: 'once', retries: { attempts: 2, retryOn: beforeCall }, route },
    ]);
  });
});
