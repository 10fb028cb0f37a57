import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type AccessRule, Role, Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule } from '#platform/auth/access.ts';
import { startTimer } from '#platform/time/timer.ts';
import { publicServices } from '../../gateway/index.ts';
import { bodies, type Scene } from '../support/authorization-cases.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, logIn, registerInvestor, testPassword } from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { statusOf } from '../support/refusal.ts';
import { methodOf } from '../support/test-client.ts';

const shared = inject('sharedSystem');
const client = createTestClient('grpc', shared.gatewayUrl);
const quietMs = 1_500;
const refusedInMs = 30_000;

type Caller = { name: string; role: Role; isOwner: boolean; investor: () => Investor | undefined; scope?: Scope };
const people: Record<string, Investor> = {};
const callers: Caller[] = [
  { name: 'an anonymous caller', role: Role.ANONYMOUS, isOwner: false, investor: () => undefined },
  { name: 'the owner', role: Role.USER, isOwner: true, investor: () => people.owner },
  { name: 'another user', role: Role.USER, isOwner: false, investor: () => people.other },
  { name: 'an operator', role: Role.OPERATOR, isOwner: false, investor: () => people.operator },
  { name: 'an admin', role: Role.ADMIN, isOwner: false, investor: () => people.admin },
];
const keyCallers: Caller[] = [
  keyOf('owner', Role.USER, 'READ'),
  keyOf('owner', Role.USER, 'TRADE'),
  keyOf('owner', Role.USER, 'MONEY'),
  keyOf('operator', Role.OPERATOR, 'READ'),
  keyOf('admin', Role.ADMIN, 'ADMIN'),
];
let scene: Scene;
const scopeNames: Partial<Record<Scope, string>> = {
  [Scope.READ]: 'SCOPE_READ',
  [Scope.TRADE]: 'SCOPE_TRADE',
  [Scope.MONEY]: 'SCOPE_MONEY',
  [Scope.ADMIN]: 'SCOPE_ADMIN',
};

function keyOf(owner: string, role: Role, scope: 'READ' | 'TRADE' | 'MONEY' | 'ADMIN'): Caller {
  const name = `a key of the ${owner} with the scope ${scope}`;
  return { name, role, isOwner: owner === 'owner', scope: Scope[scope], investor: () => people[name] };
}

beforeAll(async () => {
  const bootstrap = await logInAdmin(client, shared);
  const [owner, other, operator, admin, victim] = await Promise.all([
    registerInvestor(client),
    registerInvestor(client),
    staff(bootstrap, 'ROLE_OPERATOR'),
    staff(bootstrap, 'ROLE_ADMIN'),
    registerInvestor(client, ''),
  ]);
  Object.assign(people, { owner, other, operator, admin });
  for (const caller of keyCallers) await makeKey(caller);
  scene = { client, owner, victim, admin: bootstrap, symbol: await openBook(bootstrap) };
  // Each of them closes a position.
  for (const person of [owner, other, operator, admin]) await issueShares(bootstrap, person, scene.symbol, '100');
});

describe('every public RPC answers each caller as its access rule says', () => {
  const rpcs = publicServices.flatMap((service) => service.methods.map((method) => `${service.name}/${method.name}`));

  it('every public RPC has a body here, and every body its RPC', () => {
    expect(Object.keys(bodies).sort()).toEqual(rpcs.sort());
  });

  it.each(Object.keys(bodies))('%s', { timeout: 60_000 }, async (rpc) => {
    const method = methodOf(rpc);
    const rule = accessRule(method);
    if (rule === undefined) throw new Error(`${rpc} has no access rule`);
    const check = async (caller: Caller) => {
      const body = await bodies[rpc]?.(scene);
      const expected = expectedStatus(rule, caller);
      const status = await call(method, body ?? {}, {
        token: await caller.investor()?.freshToken(),
        isAccepted: expected === 'ok',
      });
      // No stream is open here.
      const answered = rpc === 'MarketService/ChangeStream' && expected === 'ok' ? 'not_found' : expected;
      expect(`${caller.name}: ${status}`).toBe(`${caller.name}: ${answered}`);
    };
    // Streams change nothing, and wait.
    const all = [...callers, ...keyCallers];
    if (method.methodKind !== 'unary') await Promise.all(all.map(check));
    else for (const caller of all) await check(caller);
  });
});

/** Which RPC needs which scope is stated in gateway/admission/key-scopes.test.ts. */
function expectedStatus(rule: AccessRule, { role, isOwner, scope }: Caller): string {
  if (rule.roles.includes(Role.ANONYMOUS)) return 'ok';
  if (role === Role.ANONYMOUS) return 'unauthenticated';
  if (!rule.roles.includes(role)) return 'permission_denied';
  if (scope !== undefined && scope !== rule.scope) return 'permission_denied';
  const seesAll = scope === undefined || scope === Scope.ADMIN;
  const seesIt = rule.ownerField === '' || isOwner || (seesAll && rule.anyOwnerRoles.includes(role));
  return seesIt ? 'ok' : 'not_found';
}

async function call(
  method: DescMethod,
  body: JsonObject,
  { token, isAccepted }: { token: string | undefined; isAccepted: boolean },
): Promise<string> {
  const rpc = `${method.parent.name}/${method.name}`;
  if (method.methodKind === 'unary') return statusOf(client.call(rpc, body, token));
  // An accepted stream sends a message at once, or none for a while. A refused one ends by itself, however busy the machine is.
  const stop = new AbortController();
  using _timer = startTimer(isAccepted ? quietMs : refusedInMs, () => stop.abort());
  const stream = client.stream(rpc, body, { signal: stop.signal, ...(token !== undefined && { token }) });
  const status = await statusOf(stream[Symbol.asyncIterator]().next());
  stop.abort();
  return status;
}

async function staff(admin: Investor, role: string): Promise<Investor> {
  const person = await registerInvestor(client);
  await admin.call('UserAdminService/SetRoles', { userId: person.accountId, roles: [role] });
  return logIn(client, person.email, testPassword);
}

async function makeKey({ name, scope, investor: _, ...caller }: Caller): Promise<void> {
  const owner = caller.isOwner ? people.owner : caller.role === Role.ADMIN ? people.admin : people.operator;
  if (owner === undefined || scope === undefined) throw new Error('no such person');
  const { secret } = await owner.call('ApiKeyService/CreateApiKey', {
    idempotencyKey: name.replaceAll(' ', '-'),
    name,
    scopes: [scopeNames[scope] ?? ''],
  });
  people[name] = { ...owner, token: secret as string, freshToken: async () => secret as string };
}
