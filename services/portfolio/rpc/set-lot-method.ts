import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SetLotMethodRequest, SetLotMethodResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { PortfolioDeps } from '../deps.ts';
import { readLotMethod, saveLotMethod } from '../store/lot-method.ts';
import { lotMethodMessage, toLotMethod } from './messages/lots.ts';

/** From which lots the caller's sales take from now on. */
export async function setLotMethod(
  { db }: PortfolioDeps,
  request: SetLotMethodRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof SetLotMethodResponseSchema>> {
  const { userId } = requireUser(context);
  const method = toLotMethod(request.method);
  if (method === undefined) throw invalidArgument('method', 'must be FIFO, LIFO or HIFO');
  await saveLotMethod(db, userId, method);
  return lotMethodMessage(await readLotMethod(db, userId));
}
