import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { VerifyApiKeyRequest, VerifyApiKeyResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { signAccessToken } from '../accounts/access-token.ts';
import { checkApiKey } from '../accounts/check-api-key.ts';
import type { UserDeps } from '../deps.ts';

const refusals = {
  unknown: ErrorReason.API_KEY_UNKNOWN,
  revoked: ErrorReason.API_KEY_REVOKED,
  expired: ErrorReason.API_KEY_EXPIRED,
};

/** VerifyApiKey. A key that is refused is an answer: the call itself went well. */
export async function verifyApiKey(
  deps: UserDeps,
  { apiKey, clientAddress }: Pick<VerifyApiKeyRequest, 'apiKey' | 'clientAddress'>,
): Promise<MessageInitShape<typeof VerifyApiKeyResponseSchema>> {
  const checked = await checkApiKey(deps, apiKey, clientAddress === '' ? undefined : clientAddress);
  if ('problem' in checked) return { refusal: refusals[checked.problem] };
  const { key, account } = checked;
  const { token } = await signAccessToken(deps.keys, { account, key, nowMs: deps.nowMs() });
  return {
    accessToken: token,
    allowedNetworks: key.allowedNetworks,
    callsPerSecondMax: key.callsPerSecondMax,
    expireTime: key.expireTime && timestampFromDate(key.expireTime),
  };
}
