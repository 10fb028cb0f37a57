import type { MessageInitShape } from '@bufbuild/protobuf';
import type { HoldItem, PlaceHoldsRequest, PlaceHoldsResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import type { LegRequest } from '../domain/admit-list.ts';
import type { HoldOutcome } from '../holds/place-holds.ts';
import { type ReadHold, readHolds } from './messages/hold-lists.ts';
import { holdResult, malformedResult } from './messages/hold-result.ts';

const itemsMax = 500;

/** Takes holds, each once for its order id, those of a list together. A malformed item is refused without the others, and nothing of it is stored. */
export async function placeHolds(
  { accounts, holds }: LedgerDeps,
  request: PlaceHoldsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PlaceHoldsResponseSchema>> {
  if (request.items.length > itemsMax) throw invalidArgument('items', `must be at most ${itemsMax}`);
  const read = readHolds(request.items);
  await accounts.ensure(read.flatMap(accountOf), context.signal);
  const outcomes = (await placeInOrder(holds, read.filter(isWellFormed), context.signal)).values();
  const ids = request.items.values();
  const results = read.flatMap((each) => {
    const outcome = isWellFormed(each) ? outcomes.next().value : undefined;
    return Array.from({ length: each.items }, () => {
      const orderId = (ids.next().value as HoldItem).orderId;
      return each.kind === 'malformed' ? malformedResult(orderId, each.malformed) : holdResult(orderId, outcome);
    });
  });
  return { results };
}

type WellFormed = Exclude<ReadHold, { kind: 'malformed' }>;

function isWellFormed(read: ReadHold): read is WellFormed {
  return read.kind !== 'malformed';
}

/** One outcome for each; holds and lists are admitted in the order in which they stand, most calls having only one of the two. */
async function placeInOrder(
  holds: LedgerDeps['holds'],
  read: readonly WellFormed[],
  signal: AbortSignal,
): Promise<HoldOutcome[]> {
  const outcomes: HoldOutcome[] = [];
  while (outcomes.length < read.length) {
    const rest = read.slice(outcomes.length);
    const end = rest.findIndex(({ kind }) => kind !== rest[0]?.kind);
    const run = end === -1 ? rest : rest.slice(0, end);
    const plain = run.flatMap((each) => (each.kind === 'hold' ? [each.hold] : []));
    const lists = run.flatMap((each) => (each.kind === 'list' ? [each.list] : []));
    outcomes.push(...(lists.length > 0 ? await holds.placeLists(lists, signal) : await holds.place(plain, signal)));
  }
  return outcomes;
}

function accountOf(read: ReadHold): string[] {
  if (read.kind === 'malformed') return [];
  return [(read.kind === 'hold' ? read.hold : (read.list.legs[0] as LegRequest)).terms.accountId];
}
