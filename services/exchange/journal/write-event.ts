/** Parts of events whose content comes from commands and listings. */
import type { Reason } from '../engine/model/codes.ts';
import type { Command, Listing, SubmitCommand } from '../engine/model/commands.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';
import { askedPriceTicks, reasonMetadata } from './reason-metadata.ts';

/** command_id; empty for commands whose idempotency key is the order or list id. */
export function commandIdOf(command: Command): string {
  return 'commandId' in command ? command.commandId : '';
}

/** The fields of NewOrder after order id, account and symbol. */
export function writeOrder(writer: ProtobufWriter, order: SubmitCommand): void {
  const { selfTradeGroup } = order;
  writer.number(4, order.side);
  writer.number(5, order.type);
  writer.number(6, order.timeInForce);
  writer.number(7, order.priceTicks);
  writer.number(8, order.quantityLots);
  if (order.postOnly) writer.number(9, 1);
  if (selfTradeGroup !== '' && selfTradeGroup !== order.accountId) writer.text(10, selfTradeGroup);
  writer.number(11, order.selfTrade);
  writer.number(12, order.stopPriceTicks);
  writer.number(13, order.trailTicks);
  writer.number(14, order.trailBps);
  writer.number(15, order.displayLots);
  writer.number(16, order.minimumLots);
  if (order.slide) writer.number(17, 1);
  writer.number(18, order.expireTimeMs);
  writer.text(19, order.sessionId);
  writer.number(20, order.valueMax);
  if (order.withinBand) writer.number(21, 1);
}

/** SymbolListed. */
export function writeListing(writer: ProtobufWriter, listing: Listing): void {
  const start = writer.begin(1, 1);
  writer.text(1, listing.symbol);
  writer.text(2, listing.tickSize);
  writer.text(3, listing.lotSize);
  writer.text(4, listing.currency);
  writer.number(5, listing.bandBps);
  writer.number(6, listing.referencePriceTicks);
  writer.number(7, listing.breakerBps);
  writer.number(8, listing.breakerHaltMs);
  writer.number(9, listing.breakerAuctionMs);
  writer.end(start, 1);
}

/** OrderRejected but its order id and account. */
export function writeRejected(
  writer: ProtobufWriter,
  rejected: { command: Command; reason: number; detailA: number; detailB: number; listing: Listing | undefined },
): void {
  const { command, detailA, detailB, listing } = rejected;
  const reason = rejected.reason as Reason;
  const priceTicks = askedPriceTicks(command, detailA, detailB);
  writer.number(3, reason);
  for (const [name, value] of Object.entries(reasonMetadata({ reason, detailA, detailB, listing, priceTicks }))) {
    const start = writer.begin(4, 1);
    writer.text(1, name);
    writer.text(2, value);
    writer.end(start, 1);
  }
}

/** CommandRejected. */
export function writeCommandRejected(writer: ProtobufWriter, command: Command, reason: number): void {
  writer.text(1, commandIdOf(command));
  writer.text(2, 'orderId' in command ? command.orderId : '');
  writer.text(3, 'accountId' in command ? command.accountId : '');
  writer.number(4, reason);
}
