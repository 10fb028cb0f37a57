import { describe, expect, it } from 'vitest';
import { keyScopes } from '#platform/auth/scopes.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { pause } from '#platform/time/pause.ts';
import { startEcho } from './testing/echo-server.ts';

async function valuesOf(messages: AsyncIterable<{ value: string }>): Promise<string[]> {
  const values: string[] = [];
  for await (const { value } of messages) values.push(value);
  return values;
}

async function* requests(...values: string[]) {
  for (const value of values) yield { value };
}

/** Resolves when the signal aborts, at once if it has: a stream can end before its handler waits for that. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

describe('a stream of startRpcServer', () => {
  it('aborts the signal of a stream’s handler when the reader goes away', async () => {
    const gone = Promise.withResolvers<void>();
    await using echo = await startEcho({
      async *count(_request, { signal }) {
        signal.addEventListener('abort', () => gone.resolve());
        while (!signal.aborted) {
          yield { value: 'tick' };
          await pause(5);
        }
      },
    });
    for await (const { value } of echo.client.count({ value: '' }, echo.asUser)) {
      expect(value).toBe('tick');
      break;
    }
    await gone.promise;
  });

  it('makes a fast stream wait for a slow reader', async () => {
    let yielded = 0;
    await using echo = await startEcho({
      async *count() {
        for (; yielded < 10_000; yielded += 1) yield { value: 'x'.repeat(10_000) };
      },
    });
    for await (const { value } of echo.client.count({ value: '' }, echo.asUser)) {
      expect(value).toHaveLength(10_000);
      await pause(200);
      break;
    }
    expect(yielded).toBeLessThan(200);
  });

  it('ends a stream at its greatest age with OK, after the handler’s last word', async () => {
    await using echo = await startEcho(
      {
        async *count(_request, { signal }) {
          yield { value: 'first' };
          await untilAborted(signal);
          yield { value: 'resume here' };
        },
        async *chat(_requests, { signal }) {
          yield { value: 'first' };
          await untilAborted(signal);
          throw signal.reason;
        },
      },
      { limits: { streamAgeMaxMs: 500 } },
    );
    const [counted, chatted] = await Promise.all([
      valuesOf(echo.client.count({ value: '' }, echo.asUser)),
      valuesOf(echo.client.chat(requests('a'), echo.asUser)),
    ]);
    expect(counted).toEqual(['first', 'resume here']);
    expect(chatted).toEqual(['first']);
  });

  it('ends a stream with the token of its user, unless an API key acts for them', async () => {
    const endedFor: string[] = [];
    await using echo = await startEcho({
      async *count(_request, { signal, caller }) {
        yield { value: 'first' };
        await untilAborted(signal);
        endedFor.push(caller.user?.key === undefined ? 'a person' : 'a key');
        yield { value: 'resume here' };
      },
    });
    const key = { keyId: uuidV7(), scopes: [...keyScopes.values()] };
    const ofPerson = { userToken: await echo.identity.userToken({ expiresInSeconds: 1 }) };
    const ofKey = { userToken: await echo.identity.userToken({ expiresInSeconds: 1, key }) };
    const left = new AbortController();
    const keyStream = valuesOf(echo.client.count({ value: '' }, { ...ofKey, signal: left.signal })).catch(() => 'left');
    expect(await valuesOf(echo.client.count({ value: '' }, ofPerson))).toEqual(['first', 'resume here']);
    await pause(100);
    expect(endedFor).toEqual(['a person']);
    left.abort();
    expect(await keyStream).toBe('left');
  });

  it('ends a stream that ignores its end after the grace', async () => {
    await using echo = await startEcho(
      {
        async *count() {
          yield { value: 'first' };
          await new Promise(() => {});
        },
      },
      { limits: { streamAgeMaxMs: 500, streamEndGraceMs: 50 } },
    );
    expect(await valuesOf(echo.client.count({ value: '' }, echo.asUser))).toEqual(['first']);
  });
});
