import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { MeshRpc, Retry } from './contracts.ts';
import { ingressRoutes, refuseOperatorsRpcs } from './ingress-routes.ts';

type Route = { name: string; match?: { uri: object }[]; directResponse?: object; route?: object[]; headers: object };

function rpc(name: string, retry: Retry, who: 'people' | 'operators' | 'services' = 'people'): MeshRpc {
  const path = `/outcry.user.v1.UserService/${name}`;
  const isForOperators = who === 'operators';
  return { path, callee: 'user', callers: [], isPublic: who !== 'services', isForOperators, retry };
}

const rpcs = [
  rpc('GetProfile', 'timed'),
  rpc('SetRoles', 'timed', 'operators'),
  rpc('Follow', 'untimed', 'services'),
  rpc('LogIn', 'never'),
];
const pathOf = (name: string) => ({ uri: { exact: `/outcry.user.v1.UserService/${name}` } });
const [people, operators] = ingressRoutes(rpcs).map(({ text }) => parse(text).spec);
const namesOf = ({ http }: { http: Route[] }) => http.map(({ name }) => name);

describe('ingressRoutes', () => {
  it('lead what people may call to the gateway, and answer what is for operators as if it were not there', () => {
    expect(people).toMatchObject({ hosts: ['*'], gateways: ['ingress-gateway'] });
    expect(namesOf(people)).toEqual(['operators-only', 'retried', 'once']);
    const [refused, retried] = people.http as Route[];
    expect(refused).toMatchObject({ directResponse: { status: 404 } });
    expect(refused?.match).toEqual([pathOf('SetRoles'), { uri: { prefix: '/grpc.reflection.' } }]);
    expect(retried?.match).toEqual([pathOf('GetProfile')]);
  });

  it('lead everything to the gateway under the host of the operators', () => {
    expect(operators).toMatchObject({ hosts: ['operators.localhost'], gateways: ['operators-gateway'] });
    expect(namesOf(operators)).toEqual(['retried', 'once']);
    expect(operators.http[0].match).toEqual([pathOf('GetProfile'), pathOf('SetRoles')]);
  });

  it('set the address of the caller and how long browsers insist on TLS', () => {
    for (const { headers } of [...people.http, ...operators.http] as Route[]) {
      expect(headers).toEqual({
        request: { set: { 'x-forwarded-for': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' } },
        response: { set: { 'strict-transport-security': expect.stringMatching(/^max-age=/) } },
      });
    }
  });
});

describe('refuseOperatorsRpcs', () => {
  it('refuses them and reflection under every other host', () => {
    const { spec } = parse(refuseOperatorsRpcs(rpcs).text);
    expect(spec.action).toBe('DENY');
    const { paths, notHosts } = spec.rules[0].to[0].operation;
    expect(paths).toEqual(['/outcry.user.v1.UserService/SetRoles', '/grpc.reflection.*']);
    expect(notHosts).toEqual(['operators.localhost', 'operators.localhost:*']);
  });
});
