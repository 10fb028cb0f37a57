import { postJson } from './post-json.ts';

/** A call that the gateway answered with an error. */
export class GatewayError extends Error {
  /** Connect's name of the gRPC status, such as `unauthenticated`. */
  readonly code: string;

  constructor(method: string, code: string, message: string) {
    super(`${method}: ${code}: ${message}`);
    this.name = 'GatewayError';
    this.code = code;
  }
}

/** Calls one unary RPC as Connect JSON; the answer is JSON as the contract maps it. */
export type GatewayCall = (
  method: string,
  request: Record<string, unknown>,
  accessToken?: string,
) => Promise<JsonObject>;

/** An answer's fields. */
export type JsonObject = Record<string, unknown>;

const callTimeoutMs = 15_000;
const bodyTextMax = 500;

/** How calls are sent. */
export type GatewayCallOptions = {
  /** Time limit of a call, default 15 s. */
  timeoutMs?: number;
  /** Aborts calls in progress. */
  signal?: AbortSignal;
};

/**
 * A client of the gateway's public RPCs, for scripts: plain JSON, no generated code.
 *
 * @param baseUrl such as http://127.0.0.1:8080
 * @returns a function that takes `package.Service/Method`; it rejects with GatewayError, or the connection's own error
 */
export function createGatewayCall(baseUrl: string, options: GatewayCallOptions = {}): GatewayCall {
  return async (method, request, accessToken) => {
    const timeoutMs = options.timeoutMs ?? callTimeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const deadline = { 'connect-timeout-ms': String(timeoutMs) };
    const { status, text } = await postJson(`${baseUrl}/${method}`, request, {
      headers: accessToken === undefined ? deadline : { ...deadline, authorization: `Bearer ${accessToken}` },
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    const body = parseObject(text);
    if (status >= 200 && status < 300 && body) return body;
    const code = typeof body?.code === 'string' ? body.code : `HTTP ${status}`;
    throw new GatewayError(method, code, String(body?.message ?? text.slice(0, bodyTextMax)));
  };
}

/** Opens a session and returns its access token, which is valid for ten minutes. */
export async function logIn(call: GatewayCall, email: string, password: string): Promise<string> {
  const { tokens } = await call('outcry.user.v1.SessionService/LogIn', { email, password });
  const token = isObject(tokens) ? tokens.accessToken : undefined;
  if (typeof token !== 'string') throw new GatewayError('LogIn', 'internal', 'the answer has no access token');
  return token;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
