/** Where the load goes: a running system of this machine, or any gateway. */
import { resolve } from 'node:path';
import {
  adminEmail,
  createGatewayCall,
  isRunning,
  loadSecrets,
  logIn,
  type OperatorTarget,
  readRunFile,
} from '../supervisor/index.ts';

/** Calls an RPC as the administrator, whose log-in is renewed when it grows old. */
export type AdministratorCall = (method: string, request: Record<string, unknown>) => Promise<Record<string, unknown>>;

const callTimeoutMs = 120_000;
const tokenAgeMaxMs = 5 * 60_000;

/**
 * The gateway of `target` as OUTCRY_EMAIL with OUTCRY_PASSWORD, else the system that runs on the data folder as its first
 * administrator. Throws an error with a clear line when nothing runs there.
 */
export function findTarget({ target, data }: { target: string; data: string }): OperatorTarget {
  if (target !== '') {
    const { OUTCRY_EMAIL: email = '', OUTCRY_PASSWORD: password = '' } = process.env;
    if (email === '') throw new Error('--target needs an administrator: set OUTCRY_EMAIL and OUTCRY_PASSWORD');
    return { url: target.replace(/\/$/, ''), email, password };
  }
  const dataDirectory = resolve(data);
  const run = readRunFile(dataDirectory);
  if (run?.state !== 'ready' || !isRunning(run.supervisor)) {
    throw new Error(`nothing runs on ${dataDirectory}; start it with \`npm start\`, or name a gateway with --target`);
  }
  // By number, so that no name is looked up.
  const url = run.gatewayUrl.replace('localhost', '127.0.0.1');
  return { url, email: adminEmail, password: loadSecrets(dataDirectory).adminPassword };
}

/** Logs the administrator in. */
export async function connectAdministrator({ url, email, password }: OperatorTarget): Promise<AdministratorCall> {
  const call = createGatewayCall(url, { timeoutMs: callTimeoutMs });
  let token = await logIn(call, email, password);
  let tokenTimeMs = performance.now();
  return async (method, request) => {
    if (performance.now() - tokenTimeMs > tokenAgeMaxMs) {
      token = await logIn(call, email, password);
      tokenTimeMs = performance.now();
    }
    return call(method, request, token);
  };
}
