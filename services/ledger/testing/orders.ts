/** Holds and exchange events as a test writes them. One tick of one lot is a cent of a share, unless said otherwise. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { HoldRequest } from '../domain/admit-hold.ts';

type EventInit = MessageInitShape<typeof FeedEventSchema>['event'];

/** A hold that a test asks for. */
export type TestHold = {
  orderId: string;
  accountId: string;
  symbol: string;
  side: Side;
  quantityLots: bigint;
  priceTicks: bigint;
  tickLotMicros: bigint;
  lotMicros: bigint;
  makerBps: number;
  takerBps: number;
  positionLimitMicros?: bigint;
  amountMicros?: bigint;
};

/** Ten shares of ACME at 1.00, fees of 10 and 20 basis points, but for what is given. */
export function holdItem(given: Partial<TestHold> & { accountId: string }): TestHold {
  return {
    orderId: uuidV7(),
    symbol: 'ACME',
    side: Side.BUY,
    quantityLots: 10n,
    priceTicks: 100n,
    tickLotMicros: 10_000n,
    lotMicros: 1_000_000n,
    makerBps: 10,
    takerBps: 20,
    ...given,
  };
}

/** The hold as the domain has it. */
export function requestOf(hold: TestHold): HoldRequest {
  const { orderId, side, quantityLots: lots, positionLimitMicros: positionMaxMicros, ...terms } = hold;
  return { orderId, terms: { ...terms, side: side === Side.BUY ? 'buy' : 'sell', lots }, positionMaxMicros };
}

/** Two orders trade; what is left of each is counted from the lots before. */
export function traded(options: {
  tradeId: string;
  maker: TestHold;
  taker: TestHold;
  lots: bigint;
  priceTicks: bigint;
  makerLeft: bigint;
  takerLeft: bigint;
}): EventInit {
  const { tradeId, maker, taker, lots, priceTicks, makerLeft, takerLeft } = options;
  const side = ({ orderId, accountId, side }: TestHold, remainingLots: bigint) => ({
    orderId,
    accountId,
    side,
    remainingLots,
  });
  return {
    case: 'traded',
    value: { tradeId, priceTicks, quantityLots: lots, maker: side(maker, makerLeft), taker: side(taker, takerLeft) },
  };
}

/** The order is final with lots left. */
export function cancelled(hold: TestHold, remainingLots: bigint): EventInit {
  return { case: 'cancelled', value: { orderId: hold.orderId, accountId: hold.accountId, remainingLots } };
}
