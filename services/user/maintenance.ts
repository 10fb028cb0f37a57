/** What has to be done every now and then: reading and rotating keys, removing what is over. */
import type { Logger } from '#platform/telemetry/logger.ts';
import { pruneLoginFailures } from './store/login-failures.ts';
import { pruneRefreshTokens } from './store/refresh-tokens.ts';
import { pruneSessions } from './store/sessions.ts';
import type { UserDeps } from './user-deps.ts';

const keysEveryMs = 60_000;
const pruneEveryMs = 10 * 60_000;
const pruneRowsMax = 1_000;

/** Begins both rounds; they end with the resource. A round that fails is logged and tried again at its next time. */
export function startMaintenance(deps: UserDeps, logger: Logger): AsyncDisposable {
  const rounds = [
    every(keysEveryMs, () => deps.keys.refresh(), logger),
    every(pruneEveryMs, () => pruneOnce(deps), logger),
  ];
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(rounds.map((stop) => stop()));
    },
  };
}

/** Removes at most a thousand rows of each kind that are over. */
export async function pruneOnce(deps: UserDeps): Promise<void> {
  await pruneRefreshTokens(deps.db, pruneRowsMax);
  await pruneSessions(deps.db, pruneRowsMax);
  await pruneLoginFailures(deps.db, deps.now(), pruneRowsMax);
}

function every(intervalMs: number, work: () => Promise<void>, logger: Logger): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch((error) => logger.warn({ error }, 'maintenance failed'))
      .finally(() => {
        running = undefined;
      });
  }, intervalMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
