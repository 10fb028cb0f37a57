/** Holds of lists as a test asks for them: ten shares of ACME, one tick of one lot a cent of a share. */
import { ListType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { holdItem, type TestHold } from './orders.ts';

/** A leg of a list. */
export type TestLeg = TestHold & { listId: string; listType: ListType; listIndex: number };

/** What a test states of a list; prices are in ticks, and of a list with an entry the first is that of the entry. */
export type TestList = { accountId: string; type: ListType; exitSide: Side; prices: bigint[]; lots?: bigint };

/** The legs of a list. */
export function listItems(
  { accountId, type, exitSide, prices, lots = 10n }: TestList,
  more: Partial<TestHold> = {},
): TestLeg[] {
  const listId = uuidV7();
  const other = exitSide === Side.BUY ? Side.SELL : Side.BUY;
  return prices.map((priceTicks, listIndex) => {
    const side = type !== ListType.OCO && listIndex === 0 ? other : exitSide;
    const item = holdItem({ accountId, side, priceTicks, quantityLots: lots, ...more });
    return { ...item, listId, listType: type, listIndex };
  });
}
