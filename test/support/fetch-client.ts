/** Plain fetch with JSON, as curl would send it; streams by the Connect protocol's envelopes. */
import type { JsonObject } from '@bufbuild/protobuf';
import { timeoutSignal } from '#platform/time/within.ts';
import { methodOf, type TestClient, timeoutOf } from './test-client.ts';

/** A refusal as the gateway sends it to JSON clients. */
export class JsonError extends Error {
  readonly status: number;
  readonly body: JsonObject;

  constructor(status: number, body: JsonObject) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** A client over fetch. */
export function fetchClient(address: string): TestClient {
  const post = (
    rpc: string,
    contentType: string,
    body: string | Uint8Array<ArrayBuffer>,
    token?: string,
    signal?: AbortSignal,
  ) => {
    const method = methodOf(rpc);
    const headers: Record<string, string> = { 'content-type': contentType };
    const timeoutMs = timeoutOf(method);
    if (timeoutMs !== undefined) headers['connect-timeout-ms'] = String(timeoutMs);
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    const url = `${address}/${method.parent.typeName}/${method.name}`;
    return fetch(url, { method: 'POST', headers, body, signal: signal ?? timeoutSignal(timeoutMs ?? 20_000) });
  };
  return {
    name: 'fetch',
    async call(rpc, request, token) {
      const response = await post(rpc, 'application/json', JSON.stringify(request), token);
      const body = (await response.json()) as JsonObject;
      if (!response.ok) throw new JsonError(response.status, body);
      return body;
    },
    async *stream(rpc, request, { token, signal }) {
      try {
        const framed = envelope(JSON.stringify(request));
        const response = await post(rpc, 'application/connect+json', framed, token, signal);
        if (response.body !== null) yield* messagesIn(response.body);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}

/** A message in the envelope of the Connect protocol: a byte of flags, four of length. */
export function envelope(text: string): Uint8Array<ArrayBuffer> {
  const message = Buffer.from(text);
  const framed = new Uint8Array(5 + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, 5);
  return framed;
}

async function* messagesIn(body: ReadableStream<Uint8Array>): AsyncIterable<JsonObject> {
  let buffered = Buffer.alloc(0);
  for await (const chunk of body) {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 5 && buffered.length >= 5 + buffered.readUInt32BE(1)) {
      const end = 5 + buffered.readUInt32BE(1);
      const isLast = ((buffered[0] ?? 0) & 0b10) !== 0;
      const message = JSON.parse(buffered.subarray(5, end).toString('utf8')) as JsonObject;
      buffered = buffered.subarray(end);
      if (!isLast) yield message;
      else if (message.error !== undefined) throw new JsonError(200, message.error as JsonObject);
      else return;
    }
  }
}
