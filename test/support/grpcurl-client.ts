/** The grpcurl program, which knows the contracts by reflection, or by their files where reflection is refused. */
import { spawn, spawnSync } from 'node:child_process';
import type { JsonObject } from '@bufbuild/protobuf';
import { addressOf } from './address-of.ts';
import { methodOf, type TestClient } from './test-client.ts';

/** Whether grpcurl is on the PATH. */
export function hasGrpcurl(): boolean {
  return spawnSync('grpcurl', ['-version']).status === 0;
}

/** A refusal as grpcurl prints it. */
export class GrpcurlError extends Error {}

/** A client that runs grpcurl for each call. */
export function grpcurlClient(address: string, { byReflection = true } = {}): TestClient {
  const { protocol, hostname, port } = new URL(address);
  const isTls = protocol === 'https:';
  const start = async (rpc: string, request: JsonObject, token: string | undefined) => {
    const method = methodOf(rpc);
    const host = `${await addressOf(hostname)}:${port || (isTls ? 443 : 80)}`;
    const contract = byReflection ? [] : ['-import-path', 'proto', '-proto', `${method.parent.file.name}.proto`];
    const headers = token === undefined ? [] : ['-H', `authorization: Bearer ${token}`];
    const path = `${method.parent.typeName}/${method.name}`;
    const child = spawn('grpcurl', [
      ...(isTls ? ['-authority', hostname] : ['-plaintext']),
      ...contract,
      '-max-time',
      '60',
      ...headers,
      '-d',
      JSON.stringify(request),
      host,
      path,
    ]);
    const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
    return { child, ended };
  };
  return {
    name: 'grpcurl',
    async call(rpc, request, token) {
      const { child, ended } = await start(rpc, request, token);
      const [output, problems] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
      if ((await ended) !== 0) throw new GrpcurlError(problems);
      return JSON.parse(output) as JsonObject;
    },
    async *stream(rpc, request, { token, signal }) {
      const { child } = await start(rpc, request, token);
      const kill = () => void child.kill();
      signal.addEventListener('abort', kill, { once: true });
      try {
        yield* objectsIn(child.stdout);
      } finally {
        signal.removeEventListener('abort', kill);
        child.kill();
      }
    },
  };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

// grpcurl prints one indented object after the other; an object ends with the first line that is a lone brace.
async function* objectsIn(stream: AsyncIterable<Buffer>): AsyncIterable<JsonObject> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString('utf8');
    for (let end = text.indexOf('\n}\n'); end >= 0; end = text.indexOf('\n}\n')) {
      yield JSON.parse(text.slice(0, end + 2)) as JsonObject;
      text = text.slice(end + 3);
    }
  }
}
