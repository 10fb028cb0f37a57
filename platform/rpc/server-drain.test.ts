import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { pause } from '#platform/time/pause.ts';
import { startEcho } from './testing/echo-server.ts';

describe('RpcServer.drain', () => {
  it('finishes calls in progress and takes no further ones', async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const write = async () => {
      started.resolve();
      await release.promise;
      return { value: 'finished' };
    };
    await using echo = await startEcho({ write });
    const inProgress = echo.client.write({}, echo.asUser);
    await started.promise;
    const drained = echo.server.drain(5_000);
    await pause(50);
    const late = await failureOf(echo.client.write({}, { ...echo.asUser, timeoutMs: 500 }));
    expect([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]).toContain(late.code);
    release.resolve();
    expect((await inProgress).value).toBe('finished');
    await drained;
  });

  it('asks streams to end and says why to those that do not resume by themselves', async () => {
    await using echo = await startEcho({
      async *count(_request, { signal }) {
        yield { value: 'first' };
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    const stream = echo.client.count({}, echo.asUser)[Symbol.asyncIterator]();
    await stream.next();
    const drained = echo.server.drain(5_000);
    const error = await failureOf(stream.next());
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, reason: ErrorReason.SHUTTING_DOWN });
    await drained;
  });

  it('cuts what is not done after the grace', async () => {
    await using echo = await startEcho({ write: () => new Promise(() => {}) });
    const stuck = failureOf(echo.client.write({}, echo.asUser));
    await pause(50);
    await echo.server.drain(100);
    expect(await stuck).toMatchObject({ code: Code.UNAVAILABLE });
  });
});
