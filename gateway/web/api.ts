/** Calls and streams over the Connect protocol with JSON, by fetch alone. */

/** What an RPC answers; fields are checked where they are read. */
export type Json = Record<string, unknown>;

/** A refusal with its closed reason. */
export class RefusedError extends Error {
  readonly reason: string;
  readonly metadata: Record<string, string>;

  constructor(message: string, reason: string, metadata: Record<string, string>) {
    super(message);
    this.reason = reason;
    this.metadata = metadata;
  }
}

const tokenKey = 'outcry.access-token';
const endFlag = 0b10;

/** The access token of the session in this tab; null when nobody is logged in. */
export function accessToken(): string | null {
  return sessionStorage.getItem(tokenKey);
}

/** Keeps or forgets the access token. */
export function setAccessToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(tokenKey);
  else sessionStorage.setItem(tokenKey, token);
}

/** Calls a unary RPC, e.g. `outcry.user.v1.SessionService/LogIn`. Throws RefusedError. */
export async function call(rpc: string, request: Json): Promise<Json> {
  const response = await fetch(`/${rpc}`, {
    method: 'POST',
    headers: headers('application/json'),
    body: JSON.stringify(request),
  });
  const body = (await response.json()) as Json;
  if (!response.ok) throw refusalFrom(body);
  return body;
}

/** Reads a server stream until it ends or the signal aborts. Throws RefusedError when it ends with an error. */
export async function* stream(rpc: string, request: Json, signal: AbortSignal): AsyncGenerator<Json> {
  const response = await fetch(`/${rpc}`, {
    method: 'POST',
    headers: headers('application/connect+json'),
    body: envelope(JSON.stringify(request)),
    signal,
  });
  if (response.body === null) return;
  let buffered = new Uint8Array(0);
  for await (const chunk of chunksOf(response.body)) {
    buffered = joined(buffered, chunk);
    for (;;) {
      const frame = firstFrame(buffered);
      if (frame === undefined) break;
      buffered = buffered.subarray(frame.sizeBytes);
      const message = JSON.parse(frame.text) as Json;
      if ((frame.flags & endFlag) === 0) yield message;
      else if (message.error !== undefined) throw refusalFrom(message.error as Json);
      else return;
    }
  }
}

function headers(contentType: string): Record<string, string> {
  const token = accessToken();
  return {
    'content-type': contentType,
    'connect-protocol-version': '1',
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };
}

// A message of a stream is framed by one byte of flags and four of length.
function envelope(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const framed = new Uint8Array(5 + bytes.length);
  new DataView(framed.buffer).setUint32(1, bytes.length);
  framed.set(bytes, 5);
  return framed;
}

function firstFrame(bytes: Uint8Array): { flags: number; text: string; sizeBytes: number } | undefined {
  if (bytes.length < 5) return undefined;
  const sizeBytes = 5 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (bytes.length < sizeBytes) return undefined;
  return { flags: bytes[0] ?? 0, text: new TextDecoder().decode(bytes.subarray(5, sizeBytes)), sizeBytes };
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function refusalFrom(body: Json): RefusedError {
  const details = (body.details ?? []) as { debug?: { reason?: string; metadata?: Record<string, string> } }[];
  const info = details.find(({ debug }) => debug?.reason !== undefined)?.debug;
  return new RefusedError(String(body.message ?? body.code ?? 'failed'), info?.reason ?? '', info?.metadata ?? {});
}
