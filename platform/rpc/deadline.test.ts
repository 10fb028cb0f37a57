import { toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { fromStatusBytes } from '#platform/errors/details.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { grpcFrame, rawCall } from '#platform/testing/raw-call.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import { timeoutKey } from './grpc-timeout.ts';
import { type EchoFixture, startEcho } from './testing/echo-server.ts';

const dayMs = 86_400_000;
const message = grpcFrame(toBinary(StringValueSchema, { $typeName: StringValueSchema.typeName, value: '1' }));
let echo: EchoFixture;
let deadlinesMs: number[] = [];

beforeAll(async () => {
  echo = await startEcho({
    read: async ({ value }, { deadlineTimeMs }) => {
      deadlinesMs.push(deadlineTimeMs - Date.now());
      return { value };
    },
    write: () => new Promise(() => {}),
    chat: async function* () {
      await new Promise(() => {});
    },
  });
});
afterAll(() => echo[Symbol.asyncDispose]());

async function statusOf(method: string, timeout: string, headers: Record<string, string> = {}): Promise<number> {
  const authorization = `Bearer ${echo.asUser.userToken}`;
  const all = { authorization, 'grpc-timeout': timeout, ...headers };
  const response = await rawCall(echo.server.port, `/outcry.test.v1.EchoService/${method}`, message, all);
  const { 'grpc-status': status, 'grpc-status-details-bin': details } = response.trailers ?? response.headers;
  if (status !== '0') {
    const { reason } = fromStatusBytes(Buffer.from(String(details), 'base64'));
    expect(reason).toBe(status === '4' ? ErrorReason.DEADLINE_EXPIRED : ErrorReason.MALFORMED_MESSAGE);
  }
  return Number(status);
}

describe('the deadline of a call to a service', () => {
  it.each([
    ['2147483S', 2_147_483_000],
    ['2147484S', 2_147_484_000],
    ['2592000S', 30 * dayMs],
    ['4294968S', 4_294_968_000],
    ['99999999S', 99_999_999_000],
    ['99999999M', 99_999_999 * 60_000],
    ['99999999H', 99_999_999 * 3_600_000],
  ])('of %s is that far away, for one answer and for a stream', async (timeout, expectedMs) => {
    deadlinesMs = [];
    expect(await statusOf('Read', timeout)).toBe(Code.OK);
    expect(expectedMs - (deadlinesMs[0] ?? 0)).toBeLessThan(10_000);
    expect(expectedMs - (deadlinesMs[0] ?? 0)).toBeGreaterThanOrEqual(0);
    expect(await statusOf('Count', timeout)).toBe(Code.OK);
  });

  it.each(['0S', '0m', '1n', '999u', '1m', '20m'])('of %s that passes is DEADLINE_EXCEEDED', async (timeout) => {
    for (const method of ['Write', 'Chat']) expect(await statusOf(method, timeout)).toBe(Code.DEADLINE_EXCEEDED);
  });

  it('that had passed when the call came is DEADLINE_EXCEEDED before anything is done', async () => {
    deadlinesMs = [];
    for (let call = 0; call < 20; call += 1) expect(await statusOf('Read', '0m')).toBe(Code.DEADLINE_EXCEEDED);
    expect(deadlinesMs).toEqual([]);
  });

  it.each(['123456789S', '-5S', '5', 'S', '5s', 'soon', '1.5S', '5S5', '5S, 6S', '0x5S'])(
    'is INVALID_ARGUMENT when it is %j',
    async (timeout) => {
      for (const method of ['Read', 'Count', 'Chat']) {
        expect(await statusOf(method, timeout)).toBe(Code.INVALID_ARGUMENT);
      }
    },
  );

  it('cannot be set by the name under which the server passes it on', async () => {
    deadlinesMs = [];
    expect(await statusOf('Read', '5S', { [timeoutKey]: '0m' })).toBe(Code.OK);
    expect(deadlinesMs[0]).toBeGreaterThan(1_000);
  });
});

describe('the deadline of a call of a client', () => {
  it('may lie further away than Node timers reach', async () => {
    for (const timeoutMs of [2 ** 31 - 1, 2 ** 31, 30 * dayMs, 9_999_999_999]) {
      expect((await echo.client.read({ value: 'x' }, { ...echo.asUser, timeoutMs })).value).toBe('x');
      const values: string[] = [];
      for await (const { value } of echo.client.count({ value: '2' }, { ...echo.asUser, timeoutMs }))
        values.push(value);
      expect(values).toEqual(['1', '2']);
    }
  });

  it.each([0, 1, 20])('of %d ms ends the call with DEADLINE_EXCEEDED, whatever the peer does', async (timeoutMs) => {
    for (let call = 0; call < 10; call += 1) {
      const options = { ...echo.asUser, timeoutMs };
      expect((await failureOf(echo.client.write({}, options))).code).toBe(Code.DEADLINE_EXCEEDED);
      const next = echo.client.chat(noRequests(), options)[Symbol.asyncIterator]().next();
      expect((await failureOf(next)).code).toBe(Code.DEADLINE_EXCEEDED);
    }
  });

  it('is distinguished from a cancellation by the reason of the signal', async () => {
    const late = deadlineExceeded(undefined, 'the order of the day is over');
    const codes: [AbortSignal, number][] = [
      [timeoutSignal(20), Code.DEADLINE_EXCEEDED],
      [AbortSignal.abort(late), Code.DEADLINE_EXCEEDED],
      [AbortSignal.any([timeoutSignal(20)]), Code.DEADLINE_EXCEEDED],
      [AbortSignal.abort(), Code.CANCELLED],
      [AbortSignal.abort(new Error('anything else')), Code.CANCELLED],
    ];
    for (const [signal, code] of codes) {
      expect((await failureOf(echo.client.write({}, { ...echo.asUser, signal }))).code).toBe(code);
    }
    const call = echo.client.write({}, { ...echo.asUser, signal: AbortSignal.abort(late) });
    expect(await failureOf(call)).toBe(late);
  });
});

async function* noRequests(): AsyncGenerator<{ value: string }> {
  await new Promise(() => {});
}
