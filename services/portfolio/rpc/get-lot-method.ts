import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetLotMethodRequest, GetLotMethodResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { PortfolioDeps } from '../deps.ts';
import { readLotMethod } from '../store/lot-method.ts';
import { lotMethodMessage } from './messages/lots.ts';

/** From which lots the sales of an account take. */
export async function getLotMethod(
  { db }: PortfolioDeps,
  request: GetLotMethodRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetLotMethodResponseSchema>> {
  const accountId = resolveAccountId(context, request.accountId);
  return lotMethodMessage(await readLotMethod(db, accountId));
}
