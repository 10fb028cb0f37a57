import type { Command } from '../../engine/model/commands.ts';
import { inRange } from './random-orders.ts';

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
