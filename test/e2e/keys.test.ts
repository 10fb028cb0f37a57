/** Every RPC that makes something under a key of its caller makes it once, whether its answers arrive or not. */
import { existsSync } from 'node:fs';
import type { DescMessage, DescMethod, JsonObject } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRule } from '#platform/auth/access.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type FeedCounter, openFeedCounter } from '../support/feed-counter.ts';
import { registerInvestor } from '../support/investor.ts';
import type { KeyedCase, KeyScene } from '../support/keyed-case.ts';
import { keyedCases } from '../support/keyed-cases.ts';
import { logInAdmin, openBook } from '../support/market.ts';
import { keyFields, namedOnly, shownElsewhere } from '../support/repeatable-rpcs.ts';
import { sharedSystemEnv } from '../support/shared-system.ts';
import {
  type CallOutcome,
  loadMethods,
  nameOf,
  openSystemCaller,
  type SystemCaller,
} from '../support/system-caller.ts';

const methods = await loadMethods();
const duplicates = 50;
// When the caller goes away, in milliseconds: before the call is read, while it works, and about when it answers.
const leavesAfterMs = [0, 1, 2, 4, 8, 16];

// A system of its own: orders that only the exchange has are findings of its audit.
let system: RunningSystem;
let gatewayUrl: string;
let caller: SystemCaller;
let counter: FeedCounter;
let scene: KeyScene;

beforeAll(async () => {
  system = await startSystem({ flags: ['--seed', '7'], env: sharedSystemEnv });
  gatewayUrl = system.gatewayUrls[0] ?? '';
  const given = { gatewayUrl, dataDirectory: system.dataDirectory, admin: system.admin };
  const client = createTestClient('connect', gatewayUrl);
  const admin = await logInAdmin(client, system);
  caller = openSystemCaller(given);
  counter = await openFeedCounter(given);
  const internal = async (name: string, request: JsonObject) => answerOf(await send(name, request));
  const { accountId, accessToken } = (await internal('user.v1.UserInternalService/EnsureHouseAccount', {
    name: 'keys',
  })) as { accountId: string; accessToken: string };
  const owner = await registerInvestor(client);
  const house = { ...owner, accountId, token: accessToken, call: callAs(accessToken) };
  const symbol = await openBook(admin);
  scene = { client, admin, owner, house, symbol, internal, countEvents: counter.count };
}, 120_000);
afterAll(async () => {
  await counter?.[Symbol.asyncDispose]();
  await caller?.[Symbol.asyncDispose]();
  await system?.[Symbol.asyncDispose]();
}, 90_000);

const callAs = (token: string) => (rpc: string, request: JsonObject) =>
  createTestClient('connect', gatewayUrl).call(rpc, request, token);

function methodOf(name: string): DescMethod {
  const method = methods.get(name);
  if (method === undefined) throw new Error(`no contract has ${name}`);
  return method;
}

function answerOf(outcome: CallOutcome): JsonObject {
  if ('answer' in outcome) return outcome.answer;
  throw new Error(`${outcome.code} ${outcome.reason}`);
}

/** Calls once, as the case's caller. */
async function send(
  name: string,
  request: JsonObject,
  options: { signal?: AbortSignal; baggage?: string } = {},
): Promise<CallOutcome> {
  const method = methodOf(name);
  const isPublic = (accessRule(method)?.roles.length ?? 0) > 0;
  const person = keyedCases[name]?.as === 'admin' ? scene.admin : scene?.owner;
  return caller.call(method, request, { token: isPublic ? await person?.freshToken() : undefined, ...options });
}

const transient = ['unavailable', 'deadline_exceeded', 'aborted', 'resource_exhausted', 'canceled', 'cancelled'];
const attemptsMax = 100;

/** Sends the request until it is answered: what is not an outcome is not kept under the key. */
async function answer(name: string, request: JsonObject): Promise<CallOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await send(name, request);
    if ('answer' in outcome || !transient.includes(outcome.code) || attempt === attemptsMax) return outcome;
    await pause(50);
  }
}

/** The reason of a refusal, also of one that stands in the answer of a call for several items. */
function reasonIn(outcome: CallOutcome): string | undefined {
  if ('reason' in outcome) return outcome.reason;
  return /"reason":"(?:ERROR_REASON_)?([A-Z_]+)"/.exec(JSON.stringify(outcome.answer))?.[1];
}

describe('the contracts', () => {
  const idempotent = [...methods.values()].filter(({ idempotency }) => idempotency === Level.IDEMPOTENT);

  it('have a case here for every RPC that may be repeated, or name what they set', () => {
    const known = [...Object.keys(keyedCases), ...namedOnly, ...Object.keys(shownElsewhere)];
    expect(known.sort()).toEqual(idempotent.map(nameOf).sort());
    for (const path of Object.values(shownElsewhere)) expect(existsSync(path)).toBe(true);
  });

  it('have a case here for every RPC with a key', () => {
    const keyed = idempotent.filter(({ input }) => hasKey(input)).map(nameOf);
    expect(keyed.filter((name) => !(name in keyedCases) && !(name in shownElsewhere))).toEqual([]);
    expect(keyed.length).toBeGreaterThan(10);
  });
});

function hasKey({ fields }: DescMessage, depth = 0): boolean {
  return fields.some((field) => {
    if (keyFields.includes(field.name)) return true;
    return field.message !== undefined && depth < 2 && hasKey(field.message, depth + 1);
  });
}

describe.each(Object.entries(keyedCases))('%s', { timeout: 60_000 }, (name, keyed: KeyedCase) => {
  const { effect = 1 } = keyed;
  /** Makes a request, does something with it, and shows that it took effect once. */
  const once = async (work: (request: JsonObject) => Promise<unknown>) => {
    const request = await keyed.make(scene);
    const before = await keyed.count(scene, request);
    await work(request);
    await eventually(async () => expect((await keyed.count(scene, request)) - before).toBe(effect));
    await keyed.end?.(scene, request);
  };

  it('answers a repeat like the first call, and acts once', async () => {
    await once(async (request) => {
      const first = await answer(name, request);
      expect(reasonIn(first)).toBeUndefined();
      expect(await answer(name, request)).toEqual(first);
      expect(await answer(name, request)).toEqual(first);
    });
  });

  it('acts once when the caller goes away before it has the answer, and asks again', async () => {
    for (const leaveMs of leavesAfterMs) {
      await once(async (request) => {
        await send(name, request, { signal: AbortSignal.timeout(leaveMs) });
        const first = await answer(name, request);
        expect(reasonIn(first)).toBeUndefined();
        expect(await answer(name, request)).toEqual(first);
      });
    }
  });

  it(`acts once for ${duplicates} calls at once, and answers all alike`, async () => {
    await once(async (request) => {
      const answers = await Promise.all(Array.from({ length: duplicates }, () => answer(name, request)));
      expect(reasonIn(answers[0] as CallOutcome)).toBeUndefined();
      for (const other of answers) expect(other).toEqual(answers[0]);
    });
  });

  it('refuses a copy that a proxy has made, before the call itself and after it', async () => {
    const sendCopy = (request: JsonObject) => send(name, request, { baggage: 'outcry-mirrored=1' });
    const refusal = { code: 'failed_precondition', reason: 'MIRRORED' };
    await once(async (request) => {
      expect(await sendCopy(request)).toEqual(refusal);
      expect(reasonIn(await answer(name, request))).toBeUndefined();
      expect(await sendCopy(request)).toEqual(refusal);
    });
  });

  it('refuses the key with another body, before and after', async () => {
    await once(async (request) => {
      await answer(name, request);
      expect(reasonIn(await answer(name, keyed.alter(request)))).toBe(keyed.refusal ?? 'KEY_REUSED');
    });
  });
});
