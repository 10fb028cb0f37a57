/** Who calls: the session of the state folder, or the key of the environment. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { SessionService, type SessionTokens } from '#gen/outcry/user/v1/session_pb.ts';
import { notSignedIn } from '../call/call-failure.ts';
import type { Caller } from '../call/caller.ts';
import { deleteSession, readSession, type StoredSession, sessionPath, writeSession } from './session-file.ts';
import { withLock } from './session-lock.ts';

/** Who calls, and how it is proved. */
export type Session = {
  /** Names the caller in the journal, e.g. `user:0192...`. Throws CallFailure when there is neither session nor key. */
  identity(): string;
  /** Whether there is a session or key. */
  isKnown(): boolean;
  /** A token that is valid for a while; refreshed when it is not. Rejects with CallFailure of kind `not-signed-in`. */
  bearer(): Promise<string>;
  /** The next `bearer` is a new one: the service says that the present one has expired. */
  expire(token: string): void;
  /** Opens a session and stores it. */
  logIn(email: string, password: string): Promise<StoredSession>;
  /** The stored session. */
  stored(): StoredSession | undefined;
  /** Forgets the stored session. */
  forget(): void;
};

const lockWaitMs = 60_000;
// A token that ends within a call's time is no use to it.
const marginMs = 30_000;

/** The session of a gateway; `apiKey`, when it is not empty, takes its place. */
export function createSession(options: {
  caller: Caller;
  url: string;
  stateDirectory: string;
  /** One of several sessions with the gateway; default ''. */
  profile?: string;
  apiKey: string;
}): Session {
  const { caller, url, apiKey } = options;
  const path = sessionPath(options.stateDirectory, url, options.profile);
  let expiredToken = '';
  const isFresh = ({ accessToken, accessExpireTimeMs }: StoredSession) =>
    accessToken !== expiredToken && accessExpireTimeMs - marginMs > Date.now();
  return {
    identity() {
      if (apiKey !== '') return `key:${createHash('sha256').update(apiKey).digest('hex').slice(0, 16)}`;
      return `user:${requireSession(path).userId}`;
    },
    isKnown: () => apiKey !== '' || readSession(path) !== undefined,
    async bearer() {
      if (apiKey !== '') return apiKey;
      const session = requireSession(path);
      return isFresh(session) ? session.accessToken : refresh(caller, path, isFresh);
    },
    expire(token) {
      expiredToken = token;
    },
    async logIn(email, password) {
      const knownDeviceToken = readSession(path)?.refreshToken ?? '';
      const { tokens } = await caller.call(SessionService.method.logIn, { email, password, knownDeviceToken });
      return store(path, { url, email }, tokens);
    },
    stored: () => readSession(path),
    forget: () => deleteSession(path),
  };
}

function requireSession(path: string): StoredSession {
  const session = readSession(path);
  if (session === undefined) throw notSignedIn('use `outcry login`, or set OUTCRY_API_KEY');
  return session;
}

/** One process at a time refreshes; the others find what it stored. */
async function refresh(caller: Caller, path: string, isFresh: (session: StoredSession) => boolean): Promise<string> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return withLock(`${path}.lock`, lockWaitMs, async () => {
    const session = requireSession(path);
    if (isFresh(session)) return session.accessToken;
    const { refreshToken } = session;
    const { tokens } = await caller.call(SessionService.method.refreshSession, { refreshToken });
    return store(path, session, tokens).accessToken;
  });
}

function store(path: string, { url, email }: { url: string; email: string }, tokens: SessionTokens | undefined) {
  if (tokens?.accessExpireTime === undefined) throw notSignedIn('the gateway answered without tokens');
  const { userId, accessToken, refreshToken } = tokens;
  const accessExpireTimeMs = timestampMs(tokens.accessExpireTime);
  const session = { url, email, userId, accessToken, accessExpireTimeMs, refreshToken };
  writeSession(path, session);
  return session;
}
