/** Calls of the public contracts as one account, repeated until they are answered. */
import { backoffMs, pause } from '#platform/time/pause.ts';
import { createGatewayCall, GatewayError, type JsonObject, logIn } from '../../supervisor/index.ts';

/** Whom a session is of. */
export type Credentials = { email: string; password: string };

/** Calls an RPC by `package.Service/Method`; safe for reads, and for calls whose repeat changes nothing. */
export type Call = (method: string, request: Record<string, unknown>) => Promise<JsonObject>;

/** A call's time limit; a move of the clock may take 20 s. */
const callTimeoutMs = 30_000;
/** Time in which a call is repeated while there is no answer. */
const patienceMs = 90_000;
/** A token lasts ten minutes. */
const renewAfterMs = 8 * 60_000;
const [delayBaseMs, delayMaxMs] = [50, 2_000];
const momentary: ReadonlySet<string> = new Set(['unavailable', 'deadline_exceeded', 'resource_exhausted', 'aborted']);

/** A call was answered for some of its items only. */
export class UnansweredError extends Error {
  override name = 'UnansweredError';
}

/** Whether the same call may succeed later: there was no answer, or one that concerns this moment only. */
function isMomentary(error: unknown): boolean {
  if (error instanceof GatewayError) return momentary.has(error.code) || /^HTTP 5/.test(error.code);
  if (!(error instanceof Error)) return false;
  // Errors of a connection have a code.
  return error instanceof UnansweredError || error.name === 'TimeoutError' || 'code' in error;
}

/** Repeats what fails by something that passes, for 90 s at most. Rejects with the last error, or the signal's reason. */
export async function untilAnswered<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const endMs = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !isMomentary(error) || performance.now() > endMs) throw error;
    }
    await pause(backoffMs(attempt, delayBaseMs, delayMaxMs), signal);
  }
}

/** Calls as an account, which is logged in when it is first needed and before its token ends. */
export function openSession(url: string, { email, password }: Credentials, signal: AbortSignal): Call {
  const call = createGatewayCall(url, { timeoutMs: callTimeoutMs, signal });
  let token: Promise<string> | undefined;
  let tokenMs = 0;
  const tokenOf = () => {
    if (token === undefined || performance.now() - tokenMs > renewAfterMs) {
      tokenMs = performance.now();
      token = logIn(call, email, password);
      // Another call asks again.
      token.catch(() => {
        token = undefined;
      });
    }
    return token;
  };
  return (method, request) => untilAnswered(async () => call(method, request, await tokenOf()), signal);
}

/** Calls that need no account. */
export function openPublicSession(url: string, signal: AbortSignal): Call {
  const call = createGatewayCall(url, { timeoutMs: callTimeoutMs, signal });
  return (method, request) => untilAnswered(() => call(method, request), signal);
}
