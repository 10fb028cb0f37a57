import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { CreateApiKeyRequest, CreateApiKeyResponseSchema } from '#gen/outcry/user/v1/api_key_pb.ts';
import { normaliseNetwork } from '#platform/auth/networks.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { keyScopes } from '#platform/auth/scopes.ts';
import { runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { keyProblem } from '#platform/validation/request-fields.ts';
import { deriveSecret, isSecretOf } from '../accounts/api-key-secret.ts';
import { type KeyTerms, makeApiKey } from '../accounts/make-api-key.ts';
import { requireSession } from '../accounts/require-session.ts';
import type { UserDeps } from '../deps.ts';
import { keyNameProblem, networksMax, normaliseScopes, secretRepeatedMs } from '../domain/api-key.ts';
import { nameProblem, normaliseName } from '../domain/identity-rules.ts';
import { findApiKey, type StoredApiKey } from '../store/find-api-key.ts';
import { apiKeyMessage } from './messages/api-key-message.ts';
import { refuseProblems } from './request-fields.ts';

const callsPerSecondMax = 10_000;
const scopesMax = 10;

/**
 * CreateApiKey. Under the idempotency key lies the id of the API key alone; its secret is derived again for a repeat, as long as it can be.
 * Throws as `makeApiKey`, and SESSION_ENDED.
 */
export async function createApiKey(
  deps: UserDeps,
  request: CreateApiKeyRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CreateApiKeyResponseSchema>> {
  const caller = requireUser(context);
  const terms = readTerms(request, caller.userId);
  await requireSession(deps.db, caller);
  const { idempotencyKey } = request;
  const keyId = await deps.db.transaction((tx) =>
    runIdempotent(tx, {
      scope: `create-api-key:${caller.userId}`,
      key: idempotencyKey,
      fingerprint: JSON.stringify(terms),
      run: () => makeApiKey(tx, deps, { ...terms, idempotencyKey }),
      encode: (id) => Buffer.from(id),
      decode: (bytes) => Buffer.from(bytes).toString(),
    }),
  );
  const stored = await findApiKey(deps.db, { keyId });
  if (stored === undefined) throw new Error('an API key vanished before the key under which it was made');
  return { apiKey: apiKeyMessage(stored.key), secret: secretOf(deps, stored, idempotencyKey) };
}

function readTerms(request: CreateApiKeyRequest, accountId: string): KeyTerms {
  const name = normaliseName(request.name);
  const scopes = request.scopes.map((scope) => keyScopes.get(scope));
  const networks = request.allowedNetworks.map(normaliseNetwork);
  const isScopesGood = scopes.length > 0 && scopes.length <= scopesMax && !scopes.includes(undefined);
  const isNetworksGood = networks.length <= networksMax && !networks.includes(undefined);
  refuseProblems({
    idempotency_key: keyProblem(request.idempotencyKey),
    name: nameProblem(name) ?? keyNameProblem(name),
    scopes: isScopesGood ? undefined : 'must be at least one of read, trade, money and admin',
    allowed_networks: isNetworksGood ? undefined : `must be at most ${networksMax} networks in CIDR form`,
    calls_per_second_max:
      request.callsPerSecondMax <= callsPerSecondMax ? undefined : `must be at most ${callsPerSecondMax}`,
  });
  return {
    accountId,
    name,
    scopes: normaliseScopes(scopes.filter((scope) => scope !== undefined)),
    allowedNetworks: networks.filter((network) => network !== undefined),
    callsPerSecondMax: request.callsPerSecondMax,
    expireTime: request.expireTime && timestampDate(request.expireTime),
  };
}

/** The whole key; empty when its secret cannot be derived any more. */
function secretOf(deps: UserDeps, { key, secretHash, repeatSalt }: StoredApiKey, idempotencyKey: string): string {
  const isRecent = key.createTime.getTime() + secretRepeatedMs > deps.nowMs();
  if (repeatSalt === undefined || !isRecent || key.revokeTime !== undefined) return '';
  const { accountId, prefix } = key;
  const secret = deriveSecret(deps.apiKeySecret, { accountId, idempotencyKey, prefix, salt: repeatSalt });
  return isSecretOf(secret, secretHash) ? `${prefix}_${secret}` : '';
}
