import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetStandbysRequest, GetStandbysResponseSchema } from '#gen/outcry/exchange/v1/admin_pb.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOf } from '../replication/find-term.ts';
import { listStandbys } from '../replication/standbys.ts';

/** The process that serves a shard, and its standbys. */
export async function getStandbys(
  deps: ExchangeDeps,
  { shard }: GetStandbysRequest,
): Promise<MessageInitShape<typeof GetStandbysResponseSchema>> {
  const term = termOf(deps, shard);
  const standbys = await listStandbys(deps, shard);
  const { groupNumber } = term.head();
  return {
    servingAddress: deps.self.address,
    groupNumber: BigInt(groupNumber),
    standbys: standbys.map(({ address, groupNumber: at }) => ({ address, groupNumber: BigInt(at) })),
  };
}
