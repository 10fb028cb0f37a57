/** What has to be done every now and then: reading and rotating keys, removing what is over. */
import { runRounds } from '#platform/lifecycle/run-rounds.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { UserDeps } from '../rpc/deps.ts';
import { pruneLoginFailures } from '../store/login-failures.ts';
import { pruneRefreshTokens } from '../store/refresh-tokens.ts';
import { pruneSessions } from '../store/sessions.ts';

const keysEveryMs = 60_000;
const pruneEveryMs = 10 * 60_000;
const pruneRowsMax = 1_000;

/** Runs both kinds of rounds until the signal aborts, in every replica. */
export async function runMaintenance(deps: UserDeps, logger: Logger, signal: AbortSignal): Promise<void> {
  const common = { pauseFirst: true, signal, logger };
  const once = (work: () => Promise<void>) => () => work().then(() => false);
  await Promise.all([
    runRounds({ ...common, name: 'keys', work: once(() => deps.keys.refresh()), pauseMs: keysEveryMs }),
    runRounds({ ...common, name: 'prune', work: once(() => pruneOnce(deps)), pauseMs: pruneEveryMs }),
  ]);
}

/** Removes at most a thousand rows of each kind that are over. */
export async function pruneOnce(deps: UserDeps): Promise<void> {
  await pruneRefreshTokens(deps.db, pruneRowsMax);
  await pruneSessions(deps.db, pruneRowsMax);
  await pruneLoginFailures(deps.db, deps.nowMs(), pruneRowsMax);
}
