import { randomBytes, randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '#platform/telemetry/collector/otlp-receiver.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { loadSecrets } from '../../supervisor/index.ts';
import { scrapeAll } from '../support/observed.ts';

const shared = inject('sharedSystem');
const refusals: string[] = [];
const spans: string[] = [];
const planted = new Set<string>();
let collector: OtlpReceiver;

beforeAll(async () => {
  const onSpans = (more: object[]) => spans.push(...more.map((span) => JSON.stringify(span)));
  collector = await startOtlpReceiver({ host: '127.0.0.1', port: inject('collectorPort'), onSpans });
});
afterAll(() => collector?.[Symbol.asyncDispose]());

/** A new secret that is found wherever it is written. */
function plant(text = `Canary-${randomBytes(12).toString('hex')}`): string {
  planted.add(text);
  return text;
}

type Json = { [key: string]: Json } & Iterable<unknown>;

// The gateway records at most ten calls a second that ask for it.
const betweenCallsMs = 120;

/** Posts as a client that takes part in traces does. The body of what is refused is remembered. */
async function post(rpc: string, body: object | string, headers: Record<string, string> = {}) {
  await pause(betweenCallsMs);
  const url = rpc.startsWith('/') ? rpc : `/outcry.${rpc}`;
  const answer = await fetch(`${shared.gatewayUrl}${url}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${randomUUID().replaceAll('-', '')}-00f067aa0ba902b7-01`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) refusals.push(text);
  for (const cookie of answer.headers.getSetCookie()) {
    const value = /^[^=]+=([^;]+)/.exec(cookie)?.[1] ?? '';
    if (value.length > 16) plant(value);
  }
  return { status: answer.status, body: (answer.ok && text !== '' ? JSON.parse(text) : {}) as Json };
}

/** A person's secrets, right and wrong, through every RPC that takes one. */
async function useSecrets(): Promise<void> {
  const email = `canary-${randomUUID()}@example.com`;
  const [password, next] = [plant(), plant()];
  await post('user.v1.UserService/Register', { idempotencyKey: randomUUID(), email, password, displayName: 'Canary' });
  const logIn = (given: string, headers?: Record<string, string>) =>
    post('user.v1.SessionService/LogIn', { email, password: given, knownDeviceToken: plant() }, headers);
  expect((await logIn(plant())).status).toBe(401);
  const { body } = await logIn(password);
  const accessToken = plant(String(body.tokens?.accessToken));
  const bearer = { authorization: `Bearer ${accessToken}` };
  await logIn(password, { 'outcry-session': 'cookie' });
  const refreshToken = plant(String(body.tokens?.refreshToken));
  const refreshed = await post('user.v1.SessionService/RefreshSession', { refreshToken });
  plant(String(refreshed.body.tokens?.refreshToken));
  plant(String(refreshed.body.tokens?.accessToken));
  // Used a second time, as by someone who has stolen it.
  await post('user.v1.SessionService/RefreshSession', { refreshToken });
  await post('user.v1.SessionService/RefreshSession', { refreshToken: plant() });
  const key = await post(
    'user.v1.ApiKeyService/CreateApiKey',
    { idempotencyKey: randomUUID(), name: 'canary', scopes: ['SCOPE_READ'] },
    bearer,
  );
  const secret = plant(String(key.body.secret));
  await post('order.v1.OrderService/ListOrders', {}, { authorization: `Bearer ${secret}` });
  await post('order.v1.OrderService/ListOrders', {}, { authorization: `Bearer ok_${plant()}` });
  await post(
    'order.v1.OrderService/ListOrders',
    {},
    { authorization: `Bearer ${plant()}`, cookie: `outcry_session=${plant()}; outcry_device=${plant()}` },
  );
  await post('order.v1.OrderService/ListOrders', {}, { ...bearer, 'x-outcry-service-token': plant() });
  await post('user.v1.UserService/ChangePassword', { currentPassword: plant(), newPassword: next }, bearer);
  await post('user.v1.UserService/ChangePassword', { currentPassword: password, newPassword: next }, bearer);
  await post('user.v1.SessionService/LogIn', `{"email": "${email}", "password": "${plant()}", `);
  await post('user.v1.SessionService/LogIn', { email, password: [plant()] });
  await post('user.v1.SessionService/LogIn', `{"password": ${plant()}}`);
  await post(`user.v1.SessionService/LogIn?password=${plant()}`, { email, password: 1 });
  await post('/webhooks/payments/local', { secret: plant() }, { 'outcry-signature': `t=1,v1=${plant()}` });
}

/** What the data folder holds: passwords, and the private halves of keys. */
function plantStored(): void {
  for (const value of Object.values(loadSecrets(shared.dataDirectory))) plant(value);
  for (const file of globSync('keys/*.json', { cwd: shared.dataDirectory })) {
    const keys = JSON.parse(readFileSync(join(shared.dataDirectory, file), 'utf8')) as unknown;
    for (const [, d = ''] of JSON.stringify(keys).matchAll(/"d":"([\w-]{20,})"/g)) plant(d);
  }
}

describe('secrets', () => {
  it('are in no log line, metric, span or refusal, whichever way they were given', async () => {
    await useSecrets();
    plantStored();
    await eventually(() => expect(spans.some((span) => span.includes('UserService/ChangePassword'))).toBe(true), {
      timeoutMs: 30_000,
    });
    const logs = globSync('logs/*.log*', { cwd: shared.dataDirectory }).map((file) => ({
      where: file,
      text: readFileSync(join(shared.dataDirectory, file), 'utf8'),
    }));
    const scrapes = (await scrapeAll(shared.dataDirectory)).map(({ service, text }) => ({
      where: `metrics of ${service}`,
      text,
    }));
    expect(logs.length).toBeGreaterThan(10);
    // A log that was full a moment ago has begun anew beside the full one.
    const ofGateway = logs.filter(({ where }) => where.includes('gateway')).map(({ text }) => text);
    expect(ofGateway.join('\n')).toContain('"service":"gateway"');
    expect(refusals.length).toBeGreaterThan(8);
    expect(planted.size).toBeGreaterThan(40);
    const seen = [
      ...logs,
      ...scrapes,
      { where: 'spans', text: spans.join('\n') },
      { where: 'refusals', text: refusals.join('\n') },
    ];
    const found = seen.flatMap(({ where, text }) =>
      [...planted].filter((secret) => text.includes(secret)).map((secret) => `${where}: ${secret}`),
    );
    expect(found).toEqual([]);
  });
});
