/** Starts a gateway as a process of its own, so that a test sees what ends it and what it has open. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OnePortLimits } from '../port/limits.ts';
import type { GatewayReady, GatewayUsage } from './gateway-process.ts';

/** A running gateway; disposing it ends it. */
export type GatewayProcess = AsyncDisposable &
  GatewayReady & {
    url: string;
    /** Whether it still runs. */
    readonly isRunning: boolean;
    usage(): Promise<GatewayUsage>;
  };

const script = fileURLToPath(new URL('./gateway-process.ts', import.meta.url));

/** Resolves when the gateway is ready; `limits` are those of its port. */
export async function startGatewayProcess(limits: Partial<OnePortLimits> = {}): Promise<GatewayProcess> {
  const child = fork(script, [JSON.stringify(limits)], { execArgv: ['--expose-gc', '--no-warnings'] });
  const ended = once(child, 'exit');
  const next = async <T>() => {
    const [message] = await Promise.race([
      once(child, 'message'),
      ended.then(([code]) => Promise.reject(new Error(`the gateway ended with ${code}`))),
    ]);
    return message as T;
  };
  const { port, userToken } = await next<GatewayReady>();
  return {
    port,
    userToken,
    url: `http://127.0.0.1:${port}`,
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    usage() {
      child.send('usage');
      return next<GatewayUsage>();
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
