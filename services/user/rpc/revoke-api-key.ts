import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { RevokeApiKeyRequest, RevokeApiKeyResponseSchema } from '#gen/outcry/user/v1/api_key_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { UserDeps } from '../deps.ts';
import { revokeKey } from '../store/write-api-keys.ts';
import { apiKeyMessage } from './messages/api-key-message.ts';

/** RevokeApiKey. Other processes remember the key for a minute at most. */
export async function revokeApiKey(
  deps: UserDeps,
  { keyId }: RevokeApiKeyRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof RevokeApiKeyResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  if (keyId === '') throw invalidArgument('key_id', 'is required');
  const key = isUuidV7(keyId) && (await revokeKey(deps.db, { accountId, keyId, nowMs: deps.nowMs() }));
  if (!key) throw notFound(ErrorReason.API_KEY_NOT_FOUND, 'there is no such API key');
  return { apiKey: apiKeyMessage(key) };
}
