/** Waiting for what happens soon. */
import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 100;

/** Asks again and again until the answer is not undefined. Rejects with `what` after `timeoutMs`, default 20 s. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadlineMs) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: last });
}

/** The first message of a stream that `pick` makes something of; the stream is ended then. */
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
  throw new Error(`the stream did not say within ${timeoutMs} ms: ${what}`);
}
