import { OrderType, Side, TimeInForce } from '../../engine/model/codes.ts';
import type { Command, KeepAliveCommand, ReplaceCommand } from '../../engine/model/commands.ts';
import type { LiveOrder, ModelBook } from './random-model.ts';
import { inRange, type RandomProfile, randomEnd, randomLimit, randomStopPrice, randomTrail } from './random-orders.ts';
import type { RandomSource } from './random-source.ts';

/** New shares for old ones. */
export const splitRatios = [
  [2, 1],
  [1, 2],
  [3, 2],
  [2, 3],
  [7, 3],
  [10, 1],
  [1, 10],
  [1_000, 1],
] as const;

/** A replace of an order, mostly with its present revision. */
export function randomReplace(
  random: RandomSource,
  profile: RandomProfile,
  book: ModelBook,
  order: LiveOrder,
  { commandId, nowMs }: { commandId: string; nowMs: number },
): ReplaceCommand {
  const { orderId, accountId, symbol, side, type, stopPriceTicks } = order;
  const isStop = type === OrderType.STOP || type === OrderType.STOP_LIMIT;
  const newStop = isStop ? random.percent(40) : random.percent(2);
  const quantity = random.weighted([
    [40, order.totalLots],
    [30, order.totalLots - random.below(4)],
    [30, order.totalLots + random.below(6)],
  ]);
  // Sometimes far beyond the other side, so that an entry meets its own exits.
  const past = random.percent(order.isEntry ? 50 : 15) ? book.centre + (side === Side.BUY ? 3 : -3) * profile.span : 0;
  const newPrice = past > 0 ? inRange(past) : randomLimit(random, profile, book, side);
  return {
    ...{ kind: 'replace', commandId, orderId, accountId, symbol },
    expectedRevision: random.percent(94) ? order.revision : random.between(1, 3),
    priceTicks: random.percent(45) ? inRange(order.priceTicks) : newPrice,
    quantityLots: inRange(quantity),
    stopPriceTicks: newStop ? random.pick([randomStopPrice(random, profile, book, side), stopPriceTicks || 1]) : 0,
    ...(random.percent(type === OrderType.TRAILING_STOP ? 50 : 2) ? randomTrail(random, profile) : noTrail),
    expireTimeMs: random.percent(order.timeInForce === TimeInForce.GTD ? 40 : 2) ? randomEnd(random, nowMs) : 0,
  };
}

const noTrail = { trailTicks: 0, trailBps: 0 };

/** Time of a time command, now or later; often at full tenths of a second, at which orders and sessions end. */
export function randomTime(random: RandomSource, nowMs: number): number {
  const timeMs = random.percent(15) ? nowMs + random.below(3_000) : nowMs;
  return random.percent(40) ? Math.ceil(timeMs / 100) * 100 : timeMs;
}

/** A session's keep-alive, mostly by the account with its number; it ends at a full half second, as others do. */
export function randomKeepAlive(random: RandomSource, accounts: readonly string[], timeMs: number): KeepAliveCommand {
  const session = random.below(accounts.length);
  const accountId = random.percent(95) ? (accounts[session] as string) : random.pick(accounts);
  return {
    kind: 'keepAlive',
    sessionId: `s${session}`,
    accountId,
    ttlMs: random.between(1, 18) * 500 - (timeMs % 500),
  };
}

/** The same command with another body under the same key, or a list of the same orders under another id. */
export function alterBody(command: Command, other: { orderId: string; symbol: string; listId: string }): Command {
  switch (command.kind) {
    case 'submit':
      return { ...command, priceTicks: inRange(command.priceTicks + 1) };
    case 'submitList': {
      const orders = command.orders.map((order) => ({ ...order, selfTradeGroup: 'g' }));
      const listId = command.orders[0]?.selfTrade === 1 ? command.listId : other.listId;
      return { ...command, listId, orders };
    }
    case 'cancel':
    case 'replace':
      return { ...command, orderId: other.orderId };
    case 'setState':
    case 'split':
      return { ...command, symbol: other.symbol };
    default:
      return command;
  }
}
