import type { OrderStatus, TradingState } from '../domain/codes.ts';
import { Reason } from '../domain/codes.ts';
import { Engine } from '../domain/engine.ts';
import { ineffective } from '../domain/engine-state.ts';
import { hashRestored, plainColumns, restoreBook, restoreOrder, restoreQueues } from '../domain/restore-state.ts';
import { ByteReader } from '../journal/byte-reader.ts';
import { outcomeNumbers, RecordKind } from './record.ts';

/** Builds an engine from the parts of a snapshot, which are added one after the other. */
export class ImageDecoder {
  readonly #engine = new Engine();
  readonly #names: string[] = [];
  #orderCount = 0;
  #commandCount = 0;
  #sequence = 0;
  #ended = false;

  /** Takes the next part. Throws RangeError when it cannot be read. */
  add(part: Uint8Array): void {
    const reader = new ByteReader(part);
    while (!reader.done) this.#readRecord(reader);
    hashRestored(this.#engine.state);
  }

  /** The engine, once all parts were added. Throws RangeError when something is missing. */
  finish(): Engine {
    const { state } = this.#engine;
    if (!this.#ended) throw new RangeError('the snapshot is cut short');
    if (state.orders.count !== this.#orderCount) throw new RangeError('the count of orders is wrong');
    if (state.commands.count !== this.#commandCount) throw new RangeError('the count of commands is wrong');
    restoreQueues(state);
    state.sequenceBefore = this.#sequence;
    return this.#engine;
  }

  #readRecord(reader: ByteReader): void {
    if (this.#ended) throw new RangeError('the snapshot goes on after its end');
    const kind = reader.byte();
    switch (kind) {
      case RecordKind.HEAD:
        this.#readHead(reader);
        return;
      case RecordKind.BOOK:
        this.#readBook(reader);
        return;
      case RecordKind.NAME:
        this.#names.push(reader.text());
        return;
      case RecordKind.ORDER:
        this.#readOrder(reader);
        return;
      case RecordKind.COMMAND:
        this.#readCommand(reader);
        return;
      case RecordKind.END:
        this.#ended = true;
        return;
      default:
        throw new RangeError(`a record is of the unknown kind ${kind}`);
    }
  }

  #readHead(reader: ByteReader): void {
    const { state } = this.#engine;
    state.ruleVersion = reader.varint();
    state.nowMs = reader.varint();
    this.#sequence = reader.varint();
    state.tradeCount = reader.varint();
    this.#orderCount = reader.varint();
    this.#commandCount = reader.varint();
  }

  #readBook(reader: ByteReader): void {
    const [symbol, tickSize, lotSize, currency] = [reader.text(), reader.text(), reader.text(), reader.text()];
    const listing = {
      symbol,
      tickSize,
      lotSize,
      currency,
      bandBps: reader.varint(),
      referencePriceTicks: reader.varint(),
    };
    const state = reader.varint() as TradingState;
    restoreBook(this.#engine.state, listing, state, reader.varint());
  }

  #readOrder(reader: ByteReader): void {
    const { state } = this.#engine;
    for (let i = 0; i < 4; i++) state.key[i] = reader.word();
    const status = reader.byte() as OrderStatus;
    const book = reader.varint();
    const [accountId, group] = [this.#nameOf(reader.varint()), this.#nameOf(reader.varint())];
    const order = { status, book, accountId, group, stamp: reader.varint(), finalTimeMs: reader.varint() };
    const slot = restoreOrder(state, order);
    for (const column of plainColumns) state.orders[column][slot] = reader.varint();
  }

  #readCommand(reader: ByteReader): void {
    const { commands, commandHash } = this.#engine.state;
    const commandId = reader.text();
    if (commands.find(commandId) >= 0) throw new RangeError('a command is there twice');
    const [bodyLow, bodyHigh] = [reader.word() | 0, reader.word() | 0];
    const outcome = ineffective(Reason.NONE);
    const numbers: Record<(typeof outcomeNumbers)[number], number> = outcome;
    for (const name of outcomeNumbers) numbers[name] = reader.varint();
    commands.restore({ commandId, bodyLow, bodyHigh, outcome, timeMs: reader.varint() }, commandHash);
  }

  #nameOf(handle: number): string {
    const name = this.#names[handle];
    if (!name) throw new RangeError('an order names nobody');
    return name;
  }
}
