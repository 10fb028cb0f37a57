import { create } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { expect, it } from 'vitest';
import { implement } from './implementation.ts';
import { EchoService } from './testing/echo-contract.ts';
import { echoHandlers, startEcho } from './testing/echo-server.ts';

it('a reader of requests takes those that it can, and leaves the others to protobuf', async () => {
  const read: number[] = [];
  const binding = implement(EchoService, echoHandlers, {
    read: (bytes) => {
      read.push(bytes.length);
      return bytes.length > 4 ? create(StringValueSchema, { value: 'was read' }) : undefined;
    },
  });
  await using server = await startEcho({}, { bindings: [binding] });
  const { client, asUser } = server;
  expect(await client.read({ value: 'abc' }, asUser)).toMatchObject({ value: 'was read' });
  expect(await client.read({ value: 'a' }, asUser)).toMatchObject({ value: 'a' });
  expect(await client.write({ value: 'abc' }, asUser)).toMatchObject({ value: 'abc' });
  expect(read).toEqual([5, 3]);
});
