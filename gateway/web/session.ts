/**
 * The session of this browser. Its refresh token is in a cookie that scripts cannot read; what windows have is the access token, in memory
 * only. It lives ten minutes: one that is about to end is renewed before it is used, by one window for all.
 */
import { CallError } from './call-error.ts';
import { type AccessToken, tokenFrom } from './session-token.ts';
import type { Json } from './transport.ts';

/** How the session is renewed, and what windows share. */
export type SessionOptions = {
  /** Shared by all windows. Holds whether there is a session, and no token. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Calls an RPC of the session service, with the header that asks for the cookie. */
  call: (rpc: string, request: Json, token?: string) => Promise<Json>;
  /** Reaches the other windows. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  /** Lets one window renew at a time; undefined where a browser has none, as over plain HTTP to another machine. */
  locks: Pick<LockManager, 'request'> | undefined;
  now: () => number;
};

/** The session of this browser, as a window has it. */
export type Session = {
  isOpen(): boolean;
  /** Throws CallError when e-mail address or password is wrong. */
  logIn(email: string, password: string): Promise<void>;
  logOut(): void;
  /** Ends the session after the server has refused it. */
  expire(): void;
  /** An access token that has a minute or more to live. Throws CallError when there is no session or it cannot be renewed. */
  accessToken(): Promise<string>;
  /** A new access token in place of `refused`, which has expired. */
  renewedToken(refused: string): Promise<string>;
  /**
   * Runs when the session begins or ends, in whichever window: `expired` when it ended without a log-out, and `logged out` besides when it is
   * another person who logs in then.
   */
  onChange(listener: (change: SessionChange) => void): void;
};

/** How the session changed. */
export type SessionChange = 'opened' | 'logged out' | 'expired';

/** What a window posts to the others. */
type Message =
  | { kind: 'opened'; token: AccessToken }
  | { kind: 'renewed'; token: AccessToken }
  | { kind: 'ended'; change: SessionChange };

const storageKey = 'outcry.session';
// A log-out that the server has not answered yet is tried again when the next page opens.
type Stored = 'open' | 'ending';

const service = 'outcry.user.v1.SessionService';
const renewBeforeMs = 60_000;

/** The session that the browser has; not open when there is none. */
export function createSession(options: SessionOptions): Session {
  const session = new BrowserSession(options);
  session.finishLogOut();
  return session;
}

class BrowserSession implements Session {
  readonly #options: SessionOptions;
  readonly #listeners: ((change: SessionChange) => void)[] = [];
  #token: AccessToken | undefined;
  /** Whose session expired, whose drafts this window keeps; undefined: none is kept. */
  #expiredUserId: string | undefined;
  /** Whether listeners take the session to be open. */
  #isShown: boolean;
  #renewing: Promise<string> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#isShown = this.isOpen();
    options.channel.addEventListener('message', ({ data }) => this.#hear(data as Message));
  }

  isOpen(): boolean {
    return this.#stored() === 'open';
  }

  async logIn(email: string, password: string): Promise<void> {
    const token = tokenFrom(await this.#call('LogIn', { email, password }), this.#options.now());
    this.#begin(token);
    this.#post({ kind: 'opened', token });
  }

  logOut(): void {
    const token = this.#token;
    if (!this.#end('logged out')) return;
    this.#options.storage.setItem(storageKey, 'ending' satisfies Stored);
    this.finishLogOut(token);
  }

  /** Ends at the server what was ended here, and deletes the cookie. */
  finishLogOut(token?: AccessToken): void {
    if (this.#stored() === 'ending') void this.#logOutAtServer(token).catch(() => {});
  }

  expire(): void {
    this.#end('expired');
  }

  async accessToken(): Promise<string> {
    if (!this.isOpen()) throw ended();
    const token = this.#token;
    return token !== undefined && this.#isFresh(token) ? token.text : this.#renewOnce(token?.text);
  }

  async renewedToken(refused: string): Promise<string> {
    const token = this.#token;
    return token !== undefined && token.text !== refused ? token.text : this.#renewOnce(refused);
  }

  onChange(listener: (change: SessionChange) => void): void {
    this.#listeners.push(listener);
  }

  #renewOnce(old: string | undefined): Promise<string> {
    this.#renewing ??= this.#locked(() => this.#renew(old)).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  // Two answers that set the cookie must not cross: the older token would stay, and be refused at its next use.
  async #locked<T>(run: () => Promise<T>): Promise<T> {
    const { locks } = this.#options;
    return locks === undefined ? run() : locks.request(storageKey, run);
  }

  async #renew(old: string | undefined): Promise<string> {
    // Another window may have renewed it while this one waited.
    const current = this.#token;
    if (current !== undefined && current.text !== old && this.#isFresh(current)) return current.text;
    if (!this.isOpen()) throw ended();
    try {
      const token = tokenFrom(await this.#call('RefreshSession', {}), this.#options.now());
      // The person may have logged out meanwhile.
      if (!this.isOpen()) throw ended();
      this.#take(token);
      this.#post({ kind: 'renewed', token });
      return token.text;
    } catch (error) {
      if (error instanceof CallError && error.code === 'unauthenticated') this.#end('expired');
      throw error;
    }
  }

  async #logOutAtServer(token: AccessToken | undefined): Promise<void> {
    await this.#locked(async () => {
      try {
        const fresh = token ?? tokenFrom(await this.#call('RefreshSession', {}), this.#options.now());
        await this.#call('LogOut', {}, fresh.text);
      } catch (error) {
        if (!(error instanceof CallError) || error.code !== 'unauthenticated') throw error;
      }
      if (this.#stored() === 'ending') this.#options.storage.removeItem(storageKey);
    });
  }

  /** Another person may have logged in in another window: what is shown of the former one has to go. */
  #take(token: AccessToken): void {
    if (this.#token !== undefined && this.#token.userId !== token.userId) this.#begin(token);
    else this.#token = token;
  }

  #begin(token: AccessToken): void {
    this.#hide('logged out');
    // What was kept for who will log in again is not for another person.
    if (this.#expiredUserId !== undefined && this.#expiredUserId !== token.userId) this.#notify('logged out');
    this.#expiredUserId = undefined;
    this.#token = token;
    this.#options.storage.setItem(storageKey, 'open' satisfies Stored);
    this.#isShown = true;
    this.#notify('opened');
  }

  #end(change: SessionChange): boolean {
    if (!this.isOpen()) return false;
    this.#options.storage.removeItem(storageKey);
    this.#post({ kind: 'ended', change });
    this.#hide(change);
    return true;
  }

  #hide(change: SessionChange): void {
    const userId = this.#token?.userId;
    this.#token = undefined;
    if (!this.#isShown) return;
    this.#expiredUserId = change === 'expired' ? userId : undefined;
    this.#isShown = false;
    this.#notify(change);
  }

  #hear(message: Message): void {
    if (message.kind === 'opened') this.#begin(message.token);
    else if (message.kind === 'renewed') this.#take(message.token);
    else this.#hide(message.change);
  }

  // Windows do not renew at the same moment: the jitter is of this window.
  readonly #jitterMs = Math.random() * renewBeforeMs;

  #isFresh({ expireTimeMs }: AccessToken): boolean {
    return this.#options.now() + renewBeforeMs + this.#jitterMs < expireTimeMs;
  }

  #stored(): string | null {
    return this.#options.storage.getItem(storageKey);
  }

  #call(rpc: string, request: Json, token?: string): Promise<Json> {
    return this.#options.call(`${service}/${rpc}`, request, token);
  }

  #post(message: Message): void {
    this.#options.channel.postMessage(message);
  }

  #notify(change: SessionChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function ended(): CallError {
  return new CallError({ code: 'unauthenticated', message: 'log in first', reason: 'TOKEN_MISSING' });
}
