import { Engine } from '../engine/engine.ts';
import { none, type OrderStatus, Reason } from '../engine/model/codes.ts';
import { readCommandKey } from '../engine/model/command-key.ts';
import {
  hashRestored,
  type RestoredExtra,
  restoreBook,
  restoreList,
  restoreOrder,
  restoreQueues,
  restoreRecord,
} from '../engine/restore-state.ts';
import type { CommandMemory } from '../engine/state/command-memory.ts';
import { ineffective } from '../engine/state/engine-state.ts';
import { hashSession } from '../engine/state/state-hash.ts';
import { ByteReader } from '../journal/byte-reader.ts';
import { outcomeNumbers, RecordKind, snapshotFormat, termWords, valueLowBits } from './record.ts';

/** Restores an engine from the parts of a snapshot, which are added in order. */
export class ImageDecoder {
  readonly #engine = new Engine();
  readonly #format: number;
  readonly #names: string[] = [];
  /** Lists by their numbers in the snapshot. */
  readonly #lists = new Map<number, number>();
  #orderCount = 0;
  #commandCount = 0;
  #operatorCommandCount = 0;
  #sequence = 0;
  #ended = false;

  /** `format` is that of the snapshot's header, `snapshotFormatOldest` to `snapshotFormat`. */
  constructor(format: number = snapshotFormat) {
    this.#format = format;
  }

  /** Adds the next part. Throws RangeError when it cannot be read. */
  add(part: Uint8Array): void {
    const reader = new ByteReader(part);
    while (!reader.done) this.#readRecord(reader);
  }

  /** The engine, after all parts were added. Throws RangeError when something is missing. */
  finish(): Engine {
    const { state } = this.#engine;
    if (!this.#ended) throw new RangeError('the snapshot is cut short');
    if (state.records.count !== this.#orderCount) throw new RangeError('the count of orders is wrong');
    const isComplete =
      state.commands.count === this.#commandCount && state.operatorCommands.count === this.#operatorCommandCount;
    if (!isComplete) throw new RangeError('the count of commands is wrong');
    restoreQueues(state);
    hashRestored(state);
    state.sequenceBefore = this.#sequence;
    return this.#engine;
  }

  #readRecord(reader: ByteReader): void {
    if (this.#ended) throw new RangeError('the snapshot continues after its end');
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
      case RecordKind.SESSION:
        this.#readSession(reader);
        return;
      case RecordKind.LIST:
        this.#readList(reader);
        return;
      case RecordKind.LIVE:
        this.#readLive(reader);
        return;
      case RecordKind.FINAL:
        this.#readOrder(reader);
        return;
      case RecordKind.COMMAND:
        this.#readCommand(reader, this.#engine.state.commands);
        return;
      case RecordKind.OPERATOR_COMMAND:
        this.#readCommand(reader, this.#engine.state.operatorCommands);
        return;
      case RecordKind.END:
        this.#ended = true;
        return;
      default:
        throw new RangeError(`a record has the unknown kind ${kind}`);
    }
  }

  #readHead(reader: ByteReader): void {
    const { state } = this.#engine;
    const matching = state.matching.state;
    state.matching.setRules(reader.varint());
    matching.nowMs = reader.varint();
    this.#sequence = reader.varint();
    matching.tradeCount = reader.varint();
    matching.priorities = reader.varint();
    matching.acceptances = reader.varint();
    matching.sessions.began = reader.varint();
    this.#orderCount = reader.varint();
    this.#commandCount = reader.varint();
    if (this.#format < 4) return;
    this.#operatorCommandCount = reader.varint();
    state.closedIdTimeMs = reader.varint();
  }

  #readBook(reader: ByteReader): void {
    const [symbol, tickSize, lotSize, currency] = [reader.text(), reader.text(), reader.text(), reader.text()];
    const [bandBps, referencePriceTicks] = [reader.varint(), reader.varint()];
    const breaker = {
      breakerBps: reader.varint(),
      breakerHaltMs: reader.varint(),
      breakerAuctionMs: reader.varint(),
    };
    restoreBook(this.#engine.state, {
      listing: { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks, ...breaker },
      state: reader.varint(),
      lastPrice: reader.varint(),
      listingReference: reader.varint(),
      breakerReference: reader.varint(),
      timerTimeMs: reader.varint(),
    });
  }

  #readSession(reader: ByteReader): void {
    const { state } = this.#engine;
    const { names, matching } = state;
    const [name, account] = [reader.text(), names.acquire(this.#nameOf(reader.varint()))];
    const session = { name, account, endTimeMs: reader.varint(), handle: reader.varint() };
    hashSession(state, matching.state.sessions.restore(session));
  }

  #readList(reader: ByteReader): void {
    const number = reader.varint();
    const [idLow, idHigh] = [reader.word() | 0, reader.word() | 0];
    this.#lists.set(number, restoreList(this.#engine.state, idLow, idHigh, reader.varint()));
  }

  #readOrder(reader: ByteReader): number {
    const { state } = this.#engine;
    for (let i = 0; i < 4; i++) state.uuid[i] = reader.word();
    return restoreRecord(state, {
      status: reader.byte() as OrderStatus,
      side: reader.byte(),
      book: reader.varint() - (this.#format < 4 ? 0 : 1),
      accountId: this.#nameOf(reader.varint()),
      group: this.#nameOf(reader.varint()),
      bodyLow: reader.word() | 0,
      bodyHigh: reader.word() | 0,
      revision: reader.varint(),
      finalSequence: reader.varint(),
      finalTimeMs: reader.varint(),
      answers: Array.from({ length: 6 }, () => reader.varint()),
      answerSequence: reader.varint(),
      answerTimeMs: this.#format >= 3 ? reader.varint() : 0,
      answerValue: this.#readValue(reader),
    });
  }

  #readLive(reader: ByteReader): void {
    const key = this.#readOrder(reader);
    restoreOrder(this.#engine.state, key, {
      price: reader.varint(),
      open: reader.varint(),
      shown: reader.varint(),
      flags: reader.varint(),
      quantity: reader.varint(),
      priority: reader.varint(),
      queue: reader.varint(),
      extra: reader.byte() === 1 ? this.#readExtra(reader) : undefined,
    });
  }

  #readExtra(reader: ByteReader): RestoredExtra {
    const terms = Array.from({ length: termWords }, () => reader.varint());
    const list = reader.varint() - 1;
    return {
      terms,
      list: list === none ? none : this.#listOf(list),
      role: reader.varint(),
      session: reader.varint() - 1,
      acceptance: reader.varint(),
      expireTimeMs: reader.varint(),
    };
  }

  #readCommand(reader: ByteReader, memory: CommandMemory): void {
    const { commandHash } = this.#engine.state;
    const hasText = this.#format < 4;
    const commandId = hasText ? reader.text() : '';
    const key = new Uint32Array(4);
    if (hasText) readCommandKey(commandId, key);
    else for (let i = 0; i < 4; i++) key[i] = reader.word();
    if (memory.has(key)) throw new RangeError('a command occurs twice');
    const [bodyLow, bodyHigh] = [reader.word() | 0, reader.word() | 0];
    const [hashLow, hashHigh] = hasText ? [0, 0] : [reader.word() | 0, reader.word() | 0];
    const outcome = ineffective(Reason.NONE);
    const numbers: Record<(typeof outcomeNumbers)[number], number> = outcome;
    for (const name of outcomeNumbers) numbers[name] = reader.varint();
    const timeMs = reader.varint();
    outcome.tradedValue = this.#readValue(reader);
    if (hasText) memory.restoreNamed({ commandId, bodyLow, bodyHigh, outcome, timeMs }, commandHash);
    else memory.restore({ key, bodyLow, bodyHigh, hashLow, hashHigh, outcome, timeMs }, commandHash);
  }

  #readValue(reader: ByteReader): bigint {
    if (this.#format < 3) return 0n;
    const low = BigInt(reader.varint());
    return low + (BigInt(reader.varint()) << BigInt(valueLowBits));
  }

  #listOf(number: number): number {
    const list = this.#lists.get(number);
    if (list === undefined) throw new RangeError('an order belongs to an unknown list');
    return list;
  }

  #nameOf(handle: number): string {
    const name = this.#names[handle];
    if (!name) throw new RangeError('an order has no account or group');
    return name;
  }
}
