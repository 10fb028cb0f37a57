/** What the user service says of an API key. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { VerifyApiKeyResponse } from '#gen/outcry/user/v1/internal_pb.ts';

/** Why a key is refused, or what it stands for. */
export type ApiKeyVerdict =
  | { refusal: ErrorReason }
  | {
      refusal?: undefined;
      /** Has the key's scopes. */
      accessToken: string;
      /** CIDR forms; empty: from everywhere. */
      allowedNetworks: readonly string[];
      /** 0: no limit of its own. */
      callsPerSecondMax: number;
      /** Unix milliseconds; Infinity: never. */
      expireTimeMs: number;
    };

/** Reads the answer of VerifyApiKey. */
export function apiKeyVerdictOf(response: VerifyApiKeyResponse): ApiKeyVerdict {
  const { refusal, accessToken, allowedNetworks, callsPerSecondMax, expireTime } = response;
  if (refusal !== ErrorReason.UNSPECIFIED) return { refusal };
  const expireTimeMs = expireTime === undefined ? Number.POSITIVE_INFINITY : timestampMs(expireTime);
  return { accessToken, allowedNetworks, callsPerSecondMax, expireTimeMs };
}
