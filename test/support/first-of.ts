/**
 * The first result of `pick` that is not undefined, of the messages of a stream; the stream is cancelled then. Rejects with `what` when
 * there is none within `timeoutMs`, default 20 s.
 */
export async function firstOf<M, T>(
  what: string,
  open: (signal: AbortSignal) => AsyncIterable<M>,
  pick: (message: M) => T | undefined,
  timeoutMs = 20_000,
): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  try {
    for await (const message of open(stop.signal)) {
      const picked = pick(message);
      if (picked !== undefined) return picked;
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
  throw new Error(`the stream did not have within ${timeoutMs} ms: ${what}`);
}
