/** Waiting for what happens soon. */
import { pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';

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
    await pause(everyMs);
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
  using _timer = startTimer(timeoutMs, () => stop.abort());
  try {
    for await (const message of open(stop.signal)) {
      const picked = pick(message);
      if (picked !== undefined) return picked;
    }
  } finally {
    stop.abort();
  }
  throw new Error(`the stream did not say within ${timeoutMs} ms: ${what}`);
}
