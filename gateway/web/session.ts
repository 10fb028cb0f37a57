/**
 * The session of this tab. Access tokens live ten minutes: one that is about to end is renewed before it is used. A refresh token
 * works once, so the tab renews one at a time, and sends the new tokens to its duplicates, which began with a copy of the old ones.
 */
import { CallError } from './call-error.ts';
import type { Json } from './transport.ts';

/** Where the session is stored, how it is renewed, and the channel to other tabs. */
export type SessionOptions = {
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /**
   * Outlives the tab. Holds the last used refresh token, which is no longer valid and only proves at the next log-in that this device
   * is known, so that failed log-ins from the same network address do not delay it.
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
  /** Deletes the session after the server has refused it. */
  expire(): void;
  /** An access token that has a minute or more to live. Throws CallError when there is no session or it cannot be renewed. */
  accessToken(): Promise<string>;
  /** A new access token in place of `refused`, which has expired. */
  renewedToken(refused: string): Promise<string>;
  /** Runs when the session begins or ends; `expired` when it ended without a log-out. */
  onChange(listener: (change: SessionChange) => void): void;
};

/** How the session changed. */
export type SessionChange = 'opened' | 'logged out' | 'expired';

type Tokens = { accessToken: string; refreshToken: string; accessExpireTimeMs: number };
type Renewal = { previous: string; next: Tokens | null };

const storageKey = 'outcry.session';
const deviceKey = 'outcry.device';
const service = 'outcry.user.v1.SessionService';
const renewBeforeMs = 60_000;

/** The session in `storage`; not open when there is none. */
export function createSession({ storage, deviceStorage, call, channel, now }: SessionOptions): Session {
  const listeners: ((change: SessionChange) => void)[] = [];
  // Duplicates of a tab do not renew at the same moment.
  const jitterMs = Math.random() * renewBeforeMs;
  let renewing: Promise<string> | undefined;
  const read = () => JSON.parse(storage.getItem(storageKey) ?? 'null') as Tokens | null;
  const notify = (change: SessionChange) => {
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
    notify(change);
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
  // The refresh token is only stored as used once the server has ended the session.
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
    if (next === null) notify('logged out');
  });
  return {
    isOpen: () => read() !== null,
    async logIn(email, password) {
      const knownDeviceToken = deviceStorage.getItem(deviceKey) ?? '';
      write(tokensFrom(await call(`${service}/LogIn`, { email, password, knownDeviceToken }), now()));
      notify('opened');
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

// Counted from now by the token's lifetime, as the clock of this machine may be wrong.
function tokensFrom(answer: Json, nowMs: number): Tokens {
  const { accessToken, refreshToken } = answer.tokens as { accessToken: string; refreshToken: string };
  const [, payload = ''] = accessToken.split('.');
  const { iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, number>;
  return { accessToken, refreshToken, accessExpireTimeMs: nowMs + ((exp ?? 0) - (iat ?? 0)) * 1_000 };
}
