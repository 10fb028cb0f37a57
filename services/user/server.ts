/** The user service as a whole: database, keys, events, RPCs. */
import { createHmac } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { VerifyApiKeyResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { apiKeyVerdictOf } from '#platform/auth/api-key-verdict.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { inRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createGuessThrottle, type GuessLimits, guessLimits } from './accounts/guess-throttle.ts';
import { createHashGate } from './accounts/hash-gate.ts';
import { openKeyRing } from './accounts/key-ring.ts';
import { createPasswordHasher } from './accounts/password-hasher.ts';
import type { UserConfig } from './config.ts';
import type { UserDeps } from './deps.ts';
import { bootstrapAccounts } from './jobs/bootstrap-accounts.ts';
import { refreshKeys, runJobs } from './jobs/run-jobs.ts';
import type { needs } from './needs.ts';
import { userBindings } from './rpc/bindings.ts';
import { verifyApiKey } from './rpc/verify-api-key.ts';

/** The running service. */
export type RunningUserService = { port: number; deps: UserDeps };

/**
 * Starts the service inside the app and says ready; it ends with the app. Waits until the database can be reached. `overrides`
 * replaces parts in tests.
 */
export async function createUserService(
  app: AppOf<typeof needs>,
  config: UserConfig,
  overrides: { nowMs?: () => number; guessLimits?: GuessLimits } = {},
): Promise<RunningUserService> {
  const { db, logger, signal, role } = app;
  const { serviceKeys, serviceSecret } = app.config;
  const { nowMs = Date.now } = overrides;
  const gate = createHashGate({ concurrency: config.hashConcurrency, queueLengthMax: config.hashQueueLengthMax });
  const [hasher, keys] = await Promise.all([
    createPasswordHasher(gate),
    openKeyRing({ db, rotateAfterMs: config.signingKeyRotationMs, mayRotate: role.isPromoted, nowMs }),
  ]);
  const { defaultConditions, houseConditions } = config;
  const apiKeySecret = createHmac('sha256', serviceSecret).update('outcry.user API keys').digest();
  const refreshSecret = createHmac('sha256', serviceSecret).update('outcry.user refresh tokens').digest();
  const registrationSecret = createHmac('sha256', serviceSecret).update('outcry.user registration salt').digest();
  const deps: UserDeps = {
    db,
    hasher,
    keys,
    throttle: createGuessThrottle({ db, nowMs }),
    guessLimits: overrides.guessLimits ?? guessLimits,
    registrationSecret,
    apiKeySecret,
    refreshSecret,
    defaultConditions,
    houseConditions,
    nowMs,
  };
  joinOnShutdown(
    app,
    refreshKeys(deps, { signal, logger }),
    inRole(app, (promoted) => runJobs(deps, { signal: promoted, logger })),
  );
  if (role.isPromoted()) await bootstrapAccounts(deps, config.bootstrapAccounts, { signal, logger });
  // Its own tokens are verified with its own keys, read again when a token names a key that another replica made.
  const fetchJwks = async () => {
    await keys.refresh();
    return keys.jwks();
  };
  const authenticator = createAuthenticator({
    readServiceKeys: serviceKeys.readPublic,
    fetchJwks,
    verifyApiKey: async (apiKey, clientAddress) =>
      apiKeyVerdictOf(create(VerifyApiKeyResponseSchema, await verifyApiKey(deps, { apiKey, clientAddress }))),
  });
  const server = await serveRpc(app, { bindings: userBindings(deps), authenticator });
  app.ready();
  return { port: server.port, deps };
}
