/** Caches verified tokens, so that a signature is verified once a minute and not on every call. */

/** A bounded cache of the verified content of tokens. */
export type TokenCache<T> = {
  get(token: string): T | undefined;
  set(token: string, value: T, expiresTimeMs: number): void;
};

const entriesMax = 10_000;
// A key that was withdrawn stops being accepted after this time, also for tokens seen before.
const cachedMs = 60_000;

/** At most 10,000 tokens for at most a minute each, never past their expiry; the oldest entry is evicted first. */
export function createTokenCache<T>(now: () => number = Date.now): TokenCache<T> {
  const entries = new Map<string, { value: T; untilMs: number }>();
  return {
    get(token) {
      const entry = entries.get(token);
      if (entry === undefined) return undefined;
      if (entry.untilMs > now()) return entry.value;
      entries.delete(token);
      return undefined;
    },
    set(token, value, expiresTimeMs) {
      if (entries.size >= entriesMax) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      entries.set(token, { value, untilMs: Math.min(expiresTimeMs, now() + cachedMs) });
    },
  };
}
