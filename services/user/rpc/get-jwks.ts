import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetJwksRequest, GetJwksResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import type { UserDeps } from '../deps.ts';

/** GetJwks. Public parts only. */
export async function getJwks(
  deps: UserDeps,
  _request: GetJwksRequest,
): Promise<MessageInitShape<typeof GetJwksResponseSchema>> {
  return { jwksJson: JSON.stringify(deps.keys.jwks()) };
}
