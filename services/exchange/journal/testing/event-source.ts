/** Makes what the encoder reads of an engine from events that are known already, so that it can be tried without an engine. */
import type { FeedEvent, OrderTraded } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import { OrderStatus, Reason, TradingState } from '../../engine/model/codes.ts';
import { highWord } from '../../engine/model/columns.ts';
import type { Command, Listing } from '../../engine/model/commands.ts';
import { EventFlag, EventKind, eventWords } from '../../engine/model/event-buffer.ts';
import { parseUuid } from '../../engine/model/uuid.ts';
import type { EventSource } from '../event-source.ts';

/** Entries of a buffer, and what they name; the sequences, time and trade numbers are those of the events. */
export class SourceBuilder {
  readonly #words: number[][] = [];
  readonly #keys = new Map<string, number>();
  readonly #uuids: number[] = [];
  readonly #account: number[] = [];
  readonly #side: number[] = [];
  readonly #names: string[] = [];
  readonly #books: { listing: Listing }[];
  #trades = 0;

  /** `listings` are those of all books that the events name. */
  constructor(listings: readonly Listing[]) {
    this.#books = listings.map((listing) => ({ listing }));
  }

  /** Adds an event that a command led to. */
  add({ symbol, event }: FeedEvent, commands: readonly Command[]): void {
    const book = this.#books.findIndex(({ listing }) => listing.symbol === symbol);
    const [kind, ...words] = this.#wordsOf(event, this.#books[book]?.listing);
    this.#words.push([kind as number, book, placeOf(event, commands), ...words]);
  }

  /** All that was added. */
  build(first: FeedEvent | undefined, ruleVersion: number, tradesBefore: number): EventSource {
    const words = new Int32Array(this.#words.length * eventWords);
    for (const [i, entry] of this.#words.entries()) words.set(entry, i * eventWords);
    return {
      events: { words, count: this.#words.length },
      books: this.#books,
      names: { names: this.#names },
      records: { uuids: Uint32Array.from(this.#uuids), account: this.#account, side: this.#side },
      nowMs: Number(first?.timeMs ?? 0),
      sequenceBefore: Number(first?.sequence ?? 1) - 1,
      tradeCount: tradesBefore + this.#trades,
      ruleVersion,
    };
  }

  #wordsOf(event: FeedEvent['event'], listing: Listing | undefined): number[] {
    const { value } = event;
    switch (event.case) {
      case 'listed':
        return [EventKind.LISTED];
      case 'stateChanged':
        return [EventKind.STATE_CHANGED, event.value.state, event.value.cause];
      case 'accepted':
        return [EventKind.ACCEPTED, this.#key(event.value.order), event.value.listPlace];
      case 'rejected': {
        const [detailA, detailB] = detailsOf(event.value, listing);
        return [EventKind.REJECTED, this.#key(event.value), event.value.reason, detailA, detailB];
      }
      case 'traded':
        return this.#tradedWords(event.value);
      case 'cancelled': {
        const { reason, remainingLots, commandId } = event.value;
        return [EventKind.CANCELLED, this.#key(event.value), reason, Number(remainingLots), keyedFlag(commandId)];
      }
      case 'replaced': {
        const { priceTicks, quantityLots, remainingLots, revision, commandId, priorityKept } = event.value;
        const flags = keyedFlag(commandId) | (priorityKept ? EventFlag.PRIORITY_RETAINED : 0);
        const lots = [Number(quantityLots), Number(remainingLots)];
        return [EventKind.REPLACED, this.#key(event.value), Number(priceTicks), ...lots, revision, flags];
      }
      case 'levelChanged': {
        const { side, priceTicks, quantityLots, orderCount, bookChecksum } = event.value;
        const lots = splitWords(quantityLots);
        return [EventKind.LEVEL_CHANGED, side, Number(priceTicks), ...lots, orderCount, 7, 7, 7, bookChecksum | 0];
      }
      case 'commandRejected':
        return [EventKind.COMMAND_REJECTED, event.value.reason];
      case 'triggered': {
        const { stopPriceTicks, lastPriceTicks } = event.value;
        return [EventKind.TRIGGERED, this.#key(event.value), Number(stopPriceTicks), Number(lastPriceTicks)];
      }
      case 'refreshed':
        return [EventKind.REFRESHED, this.#key(event.value), Number(event.value.shownLots)];
      case 'uncrossed':
        return [EventKind.UNCROSSED, Number(event.value.priceTicks), ...splitWords(event.value.quantityLots)];
      case 'split':
        return [EventKind.SPLIT, event.value.numerator, event.value.denominator];
      default:
        throw new Error(`an event has no content: ${value}`);
    }
  }

  #tradedWords({ maker, taker, priceTicks, quantityLots, auction }: OrderTraded): number[] {
    this.#trades++;
    const keys = [maker, taker].map((order) => {
      const key = this.#key(order);
      this.#side[key] = order?.side ?? 0;
      return key;
    });
    const open = [maker, taker].map((order) => Number(order?.remainingLots));
    return [EventKind.TRADED, ...keys, Number(priceTicks), Number(quantityLots), ...open, auction ? 1 : 0];
  }

  #key({ orderId, accountId }: { orderId: string; accountId: string } = { orderId: '', accountId: '' }): number {
    const known = this.#keys.get(orderId);
    if (known !== undefined) return known;
    const words = new Uint32Array(4);
    if (!parseUuid(orderId, words)) throw new Error(`${orderId} is no order id`);
    const key = this.#keys.size;
    this.#keys.set(orderId, key);
    this.#uuids.push(...words);
    if (!this.#names.includes(accountId)) this.#names.push(accountId);
    this.#account.push(this.#names.indexOf(accountId));
    this.#side.push(0);
    return key;
  }
}

function splitWords(value: bigint): [low: number, high: number] {
  return [Number(value) | 0, highWord(Number(value))];
}

function keyedFlag(commandId: string): number {
  return commandId === '' ? 0 : EventFlag.KEYED;
}

/** The place of the command whose names the event repeats; 0 for an event that repeats none. */
function placeOf({ value }: FeedEvent['event'], commands: readonly Command[]): number {
  const fields = { commandId: '', orderId: '', listId: '', order: { orderId: '' }, ...value };
  const orderId = fields.order?.orderId || fields.orderId;
  const place = commands.findIndex((command) => {
    if (command.kind === 'submitList') return command.listId === fields.listId;
    if ('commandId' in command) return command.commandId === fields.commandId;
    return command.kind === 'submit' && command.orderId === orderId && fields.commandId === '';
  });
  return Math.max(place, 0);
}

function detailsOf(
  { reason, metadata }: { reason: number; metadata: Record<string, string> },
  listing: Listing | undefined,
): [number, number] {
  const codes: Record<string, number> = reason === Reason.ORDER_ALREADY_FINAL ? OrderStatus : TradingState;
  const ticks = (text: string | undefined) =>
    Number(parseDecimal(text ?? '0', PRICE_SCALE) / parseDecimal(listing?.tickSize ?? '1', PRICE_SCALE));
  if (reason === Reason.PRICE_OUT_OF_BAND) return [ticks(metadata.low), ticks(metadata.high)];
  return [codes[(metadata.state ?? metadata.status ?? '').toUpperCase()] ?? 0, 0];
}
