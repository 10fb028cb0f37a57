import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createCaller } from '../call/caller.ts';
import { createSession } from './session.ts';
import { readSession, sessionPath, writeSession } from './session-file.ts';

const url = 'http://gateway.example';

let directory: string;
let refreshes: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-session-'));
  refreshes = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A user service whose refresh tokens work once, as the real one's. */
const transport = createRouterTransport(({ service }) => {
  const tokens = (count: number) => ({
    accessToken: `access ${count}`,
    accessExpireTime: timestampFromMs(Date.now() + 600_000),
    refreshToken: `refresh ${count}`,
    userId: 'u',
  });
  service(SessionService, {
    logIn: () => ({ tokens: tokens(0) }),
    refreshSession({ refreshToken }) {
      if (refreshes.includes(refreshToken)) {
        const error = new ConnectError('used before', Code.Unauthenticated);
        error.details = [{ desc: ErrorInfoSchema, value: { reason: 'REFRESH_TOKEN_REUSED', domain: 'outcry' } }];
        throw error;
      }
      refreshes.push(refreshToken);
      return { tokens: tokens(refreshes.length) };
    },
  });
});

const open = (options: { apiKey?: string; at?: string; profile?: string } = {}) =>
  createSession({
    caller: createCaller(transport, 5_000),
    url: options.at ?? url,
    stateDirectory: directory,
    profile: options.profile,
    apiKey: options.apiKey ?? '',
  });

describe('createSession', () => {
  it('stores the session readable by its owner only, for its gateway only', async () => {
    await open().logIn('a@example.com', 'secret');
    const files = readdirSync(directory);
    expect(files).toHaveLength(1);
    expect(statSync(join(directory, files[0] ?? '')).mode & 0o777).toBe(0o600);
    expect(await open().bearer()).toBe('access 0');
    expect(open().identity()).toBe('user:u');
    await expect(open({ at: 'http://other.example' }).bearer()).rejects.toMatchObject({ kind: 'not-signed-in' });
  });

  it('has a session for each profile, and knows whether it has one', async () => {
    await open().logIn('a@example.com', 'secret');
    expect(
      [open(), open({ profile: 'robot' }), open({ profile: 'robot', apiKey: 'ok_1' })].map((one) => one.isKnown()),
    ).toEqual([true, false, true]);
    await open({ profile: 'robot' }).logIn('b@example.com', 'secret');
    expect(open({ profile: 'robot' }).stored()?.email).toBe('b@example.com');
    expect(open().stored()?.email).toBe('a@example.com');
    open({ profile: 'robot' }).forget();
    expect(open().isKnown()).toBe(true);
  });

  it('refreshes what has expired once, however many commands run at once', async () => {
    const session = await open().logIn('a@example.com', 'secret');
    writeSession(sessionPath(directory, url), { ...session, accessExpireTimeMs: Date.now() });
    const tokens = await Promise.all([1, 2, 3, 4].map(() => open().bearer()));
    expect(tokens).toEqual(Array(4).fill('access 1'));
    expect(refreshes).toEqual(['refresh 0']);
    expect(readSession(sessionPath(directory, url))).toMatchObject({
      refreshToken: 'refresh 1',
      email: 'a@example.com',
    });
  });

  it('refreshes a token that the service calls expired, and takes over the lock of a process that has ended', async () => {
    await open().logIn('a@example.com', 'secret');
    writeFileSync(`${sessionPath(directory, url)}.lock`, '4194303-1');
    const session = open();
    session.expire(await session.bearer());
    expect(await session.bearer()).toBe('access 1');
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('sends an API key as it is, names it by its hash, and needs no file', async () => {
    const session = open({ apiKey: 'ok_secret' });
    expect(await session.bearer()).toBe('ok_secret');
    expect(session.identity()).toMatch(/^key:[0-9a-f]{16}$/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('takes a damaged file for no session', async () => {
    writeFileSync(sessionPath(directory, url), '{"url":');
    expect(open().stored()).toBeUndefined();
    await expect(open().bearer()).rejects.toMatchObject({ kind: 'not-signed-in' });
  });
});
