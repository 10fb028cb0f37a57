import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { baggageFor, type Route, shareRoutes } from './canary-routes.ts';
import type { MeshRpc, Retry } from './contracts.ts';
import { serviceRoutes } from './retry-routes.ts';

function rpc(name: string, retry: Retry): MeshRpc {
  const path = `/outcry.user.v1.UserService/${name}`;
  return { path, callee: 'user', callers: [], isPublic: true, isForOperators: false, retry };
}

const [file] = serviceRoutes([rpc('GetProfile', 'timed'), rpc('Follow', 'untimed'), rpc('LogIn', 'never')]);
const generated: Route[] = parse(file?.text ?? '').spec.http;
const names = ['retried', 'retried-streams', 'once'];
const to = (subset: string) => ({ host: 'user', subset, port: { number: 9000 } });

describe('shareRoutes', () => {
  it('gives a canary its share, and first of all the calls that ask for it', () => {
    const routes = shareRoutes('user', generated, { weight: 10, byHeader: true });
    expect(routes.map(({ name }) => name)).toEqual([...names.map((name) => `${name}-by-header`), ...names]);
    const headers = { baggage: { regex: baggageFor('user') } };
    for (const { route, match } of routes.slice(0, 3)) {
      expect(route).toEqual([{ destination: to('canary') }]);
      for (const one of match ?? []) expect(one.headers).toEqual(headers);
    }
    expect(routes[2]?.match).toEqual([{ headers }]);
    for (const { route } of routes.slice(3)) {
      expect(route).toEqual([
        { destination: to('stable'), weight: 90 },
        { destination: to('canary'), weight: 10 },
      ]);
    }
    expect(routes[5]?.match).toBeUndefined();
    expect(routes[3]).toMatchObject({ retries: { attempts: 2 } });
  });

  it('is the same whatever share there was before, and without a canary what the generator makes', () => {
    const half = shareRoutes('user', generated, { weight: 50, byHeader: true });
    const share = { weight: 100, byHeader: true };
    expect(shareRoutes('user', half, share)).toEqual(shareRoutes('user', generated, share));
    expect(shareRoutes('user', half, { weight: 0, byHeader: false })).toEqual(generated);
  });
});

describe('shareRoutes, of routes that the proxy answers itself', () => {
  it('leaves them first, so that no header leads around them', () => {
    const refused: Route = { name: 'operators-only' };
    const routes = shareRoutes('user', [refused, ...generated], { weight: 10, byHeader: true });
    expect(routes).toEqual([refused, ...shareRoutes('user', generated, { weight: 10, byHeader: true })]);
    expect(shareRoutes('user', routes, { weight: 0, byHeader: false })).toEqual([refused, ...generated]);
  });
});

describe('baggageFor', () => {
  it('matches the members of a baggage that the services carry on, and no other', () => {
    const whole = new RegExp(`^${baggageFor('order')}$`);
    const asking = ['outcry-canary=order', 'outcry-canary=ledger,outcry-canary=order', 'a=1, outcry-canary=order;p=2'];
    for (const baggage of asking) expect(baggage).toMatch(whole);
    for (const baggage of ['outcry-canary=orders', 'x-outcry-canary=order', '']) expect(baggage).not.toMatch(whole);
  });
});
