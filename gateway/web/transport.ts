/** Calls over the Connect protocol with JSON, by fetch alone: those of the session. */
import { CallError, callErrorFrom } from './call-error.ts';

/** What an RPC takes and answers; fields are checked where they are read. */
export type Json = Record<string, unknown>;

const callTimeoutMs = 15_000;
// With these the refresh token is in a cookie, out of reach for scripts.
const sessionRpcs = 'outcry.user.v1.SessionService/';

/** Calls a unary RPC, e.g. `outcry.user.v1.SessionService/LogIn`. Throws CallError, after 15 s at the latest. */
export async function postCall(rpc: string, request: Json, token?: string): Promise<Json> {
  const response = await post(rpc, 'application/json', JSON.stringify(request), {
    token,
    signal: AbortSignal.timeout(callTimeoutMs),
  });
  const body = await jsonOf(response);
  if (!response.ok) throw callErrorFrom(body);
  return body;
}

async function post(
  rpc: string,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
  { token, signal }: { token: string | undefined; signal: AbortSignal },
): Promise<Response> {
  const headers = {
    'content-type': contentType,
    'connect-protocol-version': '1',
    ...(rpc.startsWith(sessionRpcs) && { 'outcry-session': 'cookie' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  try {
    return await fetch(`/${rpc}`, { method: 'POST', headers, body, signal });
  } catch {
    throw unreachable();
  }
}

async function jsonOf(response: Response): Promise<Json> {
  try {
    return (await response.json()) as Json;
  } catch {
    throw unreachable();
  }
}

function unreachable(): CallError {
  return new CallError({ code: 'unavailable', message: 'the server cannot be reached at the moment' });
}
