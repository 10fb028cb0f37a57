import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { grpcFrame, rawCall } from '#platform/testing/raw-call.ts';
import { startEcho } from './testing/echo-server.ts';

describe('refuseCopy', () => {
  it('refuses copies of calls that change something, and carries their mark on with those that read', async () => {
    const written: string[] = [];
    const write = async ({ value }: { value: string }) => {
      written.push(value);
      return { value };
    };
    await using last = await startEcho({ write, keyed: write });
    await using first = await startEcho({ read: (request) => last.client.write(request, last.asUser) });
    const metadata = { baggage: 'outcry-mirrored=1' };
    const refusal = { code: Code.FAILED_PRECONDITION, reason: ErrorReason.MIRRORED };
    expect(await failureOf(last.client.keyed({ value: 'a' }, { ...last.asUser, metadata }))).toMatchObject(refusal);
    expect(await failureOf(first.client.read({ value: 'b' }, { ...first.asUser, metadata }))).toMatchObject(refusal);
    expect((await last.client.read({ value: 'c' }, { ...last.asUser, metadata })).value).toBe('c');
    expect(written).toEqual([]);
  });

  it('takes a call to the host of a copy for one', async () => {
    await using echo = await startEcho();
    const headers = { ':authority': 'echo-shadow:9000', authorization: `Bearer ${echo.asUser.userToken}` };
    const call = (path: string) =>
      rawCall(echo.server.port, `/outcry.test.v1.EchoService/${path}`, grpcFrame(Buffer.alloc(0)), headers);
    expect((await call('Write')).headers).toMatchObject({ 'grpc-status': String(Code.FAILED_PRECONDITION) });
    expect((await call('Read')).trailers).toMatchObject({ 'grpc-status': String(Code.OK) });
  });
});
