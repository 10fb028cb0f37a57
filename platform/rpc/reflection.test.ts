import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerReflection } from '#gen/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection as AlphaServerReflection } from '#gen/grpc/reflection/v1alpha/reflection_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { createRpcClient } from './client.ts';
import { type EchoFixture, startEcho } from './testing/echo-server.ts';

const run = promisify(execFile);
const service = 'outcry.test.v1.EchoService';

let echo: EchoFixture;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo[Symbol.asyncDispose]());

type Question = {
  case: 'fileContainingSymbol' | 'fileByFilename' | 'listServices' | 'allExtensionNumbersOfType';
  value: string;
};

async function ask(question: Question) {
  await using client = createRpcClient(ServerReflection, { address: echo.address, serviceToken: undefined });
  async function* requests() {
    yield { messageRequest: question };
  }
  for await (const { messageResponse } of client.serverReflectionInfo(requests())) return messageResponse;
  throw new Error('no answer');
}

async function filesOf(question: Question): Promise<string[]> {
  const answer = await ask(question);
  if (answer.case !== 'fileDescriptorResponse') throw new Error(`answered ${answer.case}`);
  return answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

describe('reflectionServices', () => {
  it('lists what is served', async () => {
    const answer = await ask({ case: 'listServices', value: '' });
    expect(answer.case === 'listServicesResponse' && answer.value.service.map(({ name }) => name)).toEqual([
      service,
      'grpc.health.v1.Health',
    ]);
  });

  it('finds the file of a service, an RPC, a message, a field, an enum and an enum value, with its imports', async () => {
    const expected = 'outcry/test/v1/echoservice.proto';
    expect(await filesOf({ case: 'fileContainingSymbol', value: service })).toEqual([
      expected,
      'google/protobuf/wrappers.proto',
      'outcry/access/v1/access.proto',
      'google/protobuf/descriptor.proto',
    ]);
    const firstFileOf = async (value: string) => (await filesOf({ case: 'fileContainingSymbol', value }))[0];
    expect(await firstFileOf(`${service}.Read`)).toBe(expected);
    expect(await firstFileOf('google.protobuf.StringValue')).toBe('google/protobuf/wrappers.proto');
    expect(await firstFileOf('google.protobuf.StringValue.value')).toBe('google/protobuf/wrappers.proto');
    expect(await firstFileOf('outcry.access.v1.access')).toBe('outcry/access/v1/access.proto');
    expect(await firstFileOf('outcry.access.v1.Role')).toBe('outcry/access/v1/access.proto');
    expect(await firstFileOf('outcry.access.v1.ROLE_USER')).toBe('outcry/access/v1/access.proto');
    expect(await firstFileOf('google.rpc.ErrorInfo')).toBe('google/rpc/error_details.proto');
    expect((await filesOf({ case: 'fileByFilename', value: expected }))[0]).toBe(expected);
  });

  it('names the extensions of a message', async () => {
    const answer = await ask({ case: 'allExtensionNumbersOfType', value: 'google.protobuf.MethodOptions' });
    expect(answer.case === 'allExtensionNumbersResponse' && answer.value.extensionNumber).toContain(50001);
  });

  it('answers NOT_FOUND inside the stream for what it does not know', async () => {
    for (const value of ['nothing', 'no.such.Thing', `${service}.Nothing`, '']) {
      const answer = await ask({ case: 'fileContainingSymbol', value });
      expect(answer.case === 'errorResponse' && answer.value.errorCode).toBe(Code.NOT_FOUND);
    }
  });

  it('speaks v1alpha as well', async () => {
    await using client = createRpcClient(AlphaServerReflection, { address: echo.address, serviceToken: undefined });
    async function* requests() {
      yield { messageRequest: { case: 'listServices' as const, value: '' } };
    }
    for await (const { messageResponse } of client.serverReflectionInfo(requests())) {
      expect(messageResponse.case).toBe('listServicesResponse');
    }
  });

  it('is enough for buf curl to list, describe and call', async () => {
    const buf = (...args: string[]) => run('buf', ['curl', '--http2-prior-knowledge', '--protocol', 'grpc', ...args]);
    const url = `http://127.0.0.1:${echo.server.port}`;
    expect((await buf('--list-services', url)).stdout).toContain(service);
    expect((await buf('--list-methods', url)).stdout).toContain(`${service}/Read`);
    const header = `authorization: Bearer ${echo.asUser.userToken}`;
    const { stdout } = await buf('-H', header, '-d', '"by reflection"', `${url}/${service}/Read`);
    expect(stdout.trim()).toBe('"by reflection"');
  });
});
