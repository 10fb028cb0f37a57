/**
 * The session of this tab. Access tokens live ten minutes: one that is about to end is renewed before it is used. A refresh token
 * works once, so the tab renews one at a time, and tells its duplicates, which began with a copy of the same tokens.
 */
import { CallError } from './call-error.ts';
import type { Json } from './transport.ts';

/** Where the session is kept, how it is renewed, and who is told. */
export type SessionOptions = {
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /**
   * Outlives the tab. It holds the last refresh token that is spent: good for nothing but to show at the next log-in that this device
   * is known, so that strangers who guess passwords at the same network address do not hold it up.
   */
  deviceStorage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Calls an RPC of the session service. */
  call: (rpc: string, request: Json, token?: string) => Promise<Json>;
  /** Reaches the duplicates of this tab. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  now: () => number;
};

/** The session of this tab. */
export type Session = {
  isOpen(): boolean;
  /** Throws CallError when e-mail address or password is wrong. */
  logIn(email: string, password: string): Promise<void>;
  logOut(): void;
  /** Forgets the session, as it is no longer good. */
  expire(): void;
  /** An access token that has a minute or more to live. Throws CallError when there is no session or it cannot be renewed. */
  accessToken(): Promise<string>;
  /** A token in place of `refused`, which the server calls expired. */
  renewedToken(refused: string): Promise<string>;
  /** Runs when the session begins or ends; `expired` when it did not end by the person's wish. */
  onChange(listener: (change: SessionChange) => void): void;
};

/** What became of the session. */
export type SessionChange = 'opened' | 'logged out' | 'expired';

type Tokens = { accessToken: string; refreshToken: string; accessExpireTimeMs: number };
type Renewal = { previous: string; next: Tokens | null };

const storageKey = 'outcry.session';
const deviceKey = 'outcry.device';
const service = 'outcry.user.v1.SessionService';
const renewBeforeMs = 60_000;

/** The session that `storage` remembers, if it does. */
export function createSession({ storage, deviceStorage, call, channel, now }: SessionOptions): Session {
  const listeners: ((change: SessionChange) => void)[] = [];
  // Duplicates of a tab do not renew at the same moment.
  const jitterMs = Math.random() * renewBeforeMs;
  let renewing: Promise<string> | undefined;
  const read = () => JSON.parse(storage.getItem(storageKey) ?? 'null') as Tokens | null;
  const tell = (change: SessionChange) => {
    for (const listener of listeners) listener(change);
  };
  const write = (next: Tokens | null) => {
    if (next === null) storage.removeItem(storageKey);
    else storage.setItem(storageKey, JSON.stringify(next));
  };
  const end = (change: SessionChange) => {
    const tokens = read();
    if (tokens === null) return;
    write(null);
    channel.postMessage({ previous: tokens.refreshToken, next: null } satisfies Renewal);
    tell(change);
  };
  const renew = async () => {
    const tokens = read();
    if (tokens === null) throw ended();
    try {
      const next = tokensFrom(await call(`${service}/RefreshSession`, { refreshToken: tokens.refreshToken }), now());
      // The person may have logged out meanwhile.
      if (read()?.refreshToken !== tokens.refreshToken) throw ended();
      write(next);
      deviceStorage.setItem(deviceKey, tokens.refreshToken);
      channel.postMessage({ previous: tokens.refreshToken, next } satisfies Renewal);
      return next.accessToken;
    } catch (error) {
      if (error instanceof CallError && error.code === 'unauthenticated') {
        deviceStorage.setItem(deviceKey, tokens.refreshToken);
        end('expired');
      }
      throw error;
    }
  };
  // The token is spent only once the server has ended the session.
  const endAtServer = async ({ accessToken, refreshToken }: Tokens) => {
    await call(`${service}/LogOut`, {}, accessToken);
    deviceStorage.setItem(deviceKey, refreshToken);
  };
  const renewOnce = () => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  channel.addEventListener('message', ({ data }) => {
    const { previous, next } = data as Renewal;
    if (read()?.refreshToken !== previous) return;
    write(next);
    if (next === null) tell('logged out');
  });
  return {
    isOpen: () => read() !== null,
    async logIn(email, password) {
      const knownDeviceToken = deviceStorage.getItem(deviceKey) ?? '';
      write(tokensFrom(await call(`${service}/LogIn`, { email, password, knownDeviceToken }), now()));
      tell('opened');
    },
    logOut() {
      const tokens = read();
      if (tokens !== null) void endAtServer(tokens).catch(() => {});
      end('logged out');
    },
    expire: () => end('expired'),
    async accessToken() {
      const tokens = read();
      if (tokens === null) throw ended();
      return now() + renewBeforeMs + jitterMs < tokens.accessExpireTimeMs ? tokens.accessToken : renewOnce();
    },
    async renewedToken(refused) {
      const tokens = read();
      return tokens !== null && tokens.accessToken !== refused ? tokens.accessToken : renewOnce();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

function ended(): CallError {
  return new CallError({ code: 'unauthenticated', message: 'log in first', reason: 'TOKEN_MISSING' });
}

// The clock of this machine may be wrong: what counts is how long the token lives, from now.
function tokensFrom(answer: Json, nowMs: number): Tokens {
  const { accessToken, refreshToken } = answer.tokens as { accessToken: string; refreshToken: string };
  const [, payload = ''] = accessToken.split('.');
  const { iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, number>;
  return { accessToken, refreshToken, accessExpireTimeMs: nowMs + ((exp ?? 0) - (iat ?? 0)) * 1_000 };
}
