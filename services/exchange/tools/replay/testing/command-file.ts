import { ListType, OrderType, SelfTrade, Side, TimeInForce, TradingState } from '../../../engine/model/codes.ts';
import type { Command, SubmitCommand } from '../../../engine/model/commands.ts';
import { CommandGenerator } from '../../../verification/random/random-generator.ts';
import { applyReference, createReference } from '../../../verification/reference/reference-engine.ts';
import { type CommandColumn, commandColumns } from '../command-line.ts';

type Fields = Partial<Record<CommandColumn, string | number | undefined>>;

const namesOf = (codes: Record<string, number>) =>
  new Map(Object.entries(codes).map(([name, code]) => [code, name.toLowerCase()]));
const [types, sides, timesInForce] = [namesOf(OrderType), namesOf(Side), namesOf(TimeInForce)];
const [modes, states, listTypes] = [namesOf(SelfTrade), namesOf(TradingState), namesOf(ListType)];

/** A command file of `count` random commands of every kind. */
export function commandFile(count: number, seed: number): string {
  const generator = new CommandGenerator(seed);
  const reference = createReference();
  const lines = [commandColumns.join(',')];
  for (let i = 0; i < count; i++) {
    const { command, timeMs } = generator.next();
    reference.events.length = 0;
    applyReference(reference, command, timeMs);
    generator.observe(reference.events);
    for (const fields of linesOf(command)) lines.push(formatLine({ ...fields, time_ms: timeMs }));
  }
  return `${lines.join('\n')}\n`;
}

/** One line of a command file. */
export function formatLine(fields: Fields): string {
  return commandColumns.map((column) => fields[column] ?? '').join(',');
}

function linesOf(command: Command): Fields[] {
  switch (command.kind) {
    case 'submit':
      return [orderFields(command)];
    case 'submitList': {
      const list = { list_id: command.listId, list_type: listTypes.get(command.type) };
      return command.orders.map((order) => ({ ...orderFields(order), ...list }));
    }
    case 'cancel':
    case 'void':
      return [{ command: command.kind, ...ownerFields(command) }];
    case 'replace': {
      const terms = { price: command.priceTicks, quantity: command.quantityLots, stop_price: command.stopPriceTicks };
      const more = { trail: command.trailTicks, trail_bps: command.trailBps, expire_ms: command.expireTimeMs };
      const owner = ownerFields(command);
      return [{ command: 'replace', ...owner, ...terms, ...more, expected_revision: command.expectedRevision }];
    }
    case 'cancelAll': {
      const { accountId: account, symbol, side } = command;
      return [{ command: 'cancel_all', account, symbol, side: sides.get(side) }];
    }
    case 'list': {
      const {
        symbol,
        bandBps: band_bps,
        referencePriceTicks: reference_price,
        breakerBps: breaker_bps,
      } = command.listing;
      const { breakerHaltMs: breaker_halt_ms, breakerAuctionMs: breaker_auction_ms } = command.listing;
      const terms = { band_bps, reference_price, breaker_bps, breaker_halt_ms, breaker_auction_ms };
      return [{ command: 'list_symbol', symbol, ...terms }];
    }
    case 'setState':
      return [{ command: 'state', symbol: command.symbol, state: states.get(command.state) }];
    case 'keepAlive':
      return [{ command: 'keep_alive', account: command.accountId, session: command.sessionId, ttl_ms: command.ttlMs }];
    case 'split': {
      const { symbol, numerator, denominator } = command;
      return [{ command: 'split', symbol, numerator, denominator }];
    }
    case 'time':
      return [{ command: 'time' }];
    default:
      return [];
  }
}

function ownerFields({ orderId, accountId, symbol }: { orderId: string; accountId: string; symbol: string }): Fields {
  return { order_id: orderId, account: accountId, symbol };
}

function orderFields(order: SubmitCommand): Fields {
  return {
    ...{ command: 'new', ...ownerFields(order), side: sides.get(order.side), type: types.get(order.type) },
    ...{ time_in_force: timesInForce.get(order.timeInForce), price: order.priceTicks, quantity: order.quantityLots },
    ...{ post_only: order.postOnly ? 1 : '', slide: order.slide ? 'true' : '' },
    ...{ self_trade_group: order.selfTradeGroup, self_trade: modes.get(order.selfTrade) },
    ...{ stop_price: order.stopPriceTicks, trail: order.trailTicks, trail_bps: order.trailBps },
    ...{ display: order.displayLots, minimum: order.minimumLots, expire_ms: order.expireTimeMs },
    session: order.sessionId,
    within_band: order.withinBand ? 1 : '',
    value: order.valueMax,
  };
}
