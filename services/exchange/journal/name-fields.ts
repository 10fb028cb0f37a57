/** Caches of frequent names as protobuf fields. */
import { grown } from '../engine/model/columns.ts';
import type { Listing } from '../engine/model/commands.ts';
import { parseUuid } from '../engine/model/uuid.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const symbolFieldNumber = 3;
const handlesFirst = 1_024;
const key = new Uint32Array(4);
const scratch = new ProtobufWriter();

/** Caches the UUIDs of names by handle. A handle may be reused for another name. */
export class NameFields {
  #names: string[] = [];
  #isUuid = new Uint8Array(handlesFirst);
  #words = new Uint32Array(handlesFirst * 4);

  /** Appends a name as a string field; the writer has room for a UUID. */
  write(writer: ProtobufWriter, field: number, name: string, handle: number): void {
    if (this.#names[handle] !== name) this.#store(name, handle);
    if (this.#isUuid[handle] === 1) writer.uuid(field, this.#words, handle * 4);
    else writer.text(field, name);
  }

  #store(name: string, handle: number): void {
    while (handle >= this.#isUuid.length) {
      this.#isUuid = grown(this.#isUuid, this.#isUuid.length * 2);
      this.#words = grown(this.#words, this.#words.length * 2);
    }
    this.#names[handle] = name;
    this.#isUuid[handle] = parseUuid(name, key) ? 1 : 0;
    this.#words.set(key, handle * 4);
  }
}

/** The symbol of a book as field 3 of an event and of an order. */
export class SymbolFields {
  readonly #fields = new WeakMap<Listing, Uint8Array>();
  #last: Listing | undefined;
  #lastField: Uint8Array = new Uint8Array();

  /** The field's bytes. */
  fieldOf(listing: Listing): Uint8Array {
    if (listing === this.#last) return this.#lastField;
    const field = this.#fields.get(listing) ?? symbolField(listing.symbol);
    this.#fields.set(listing, field);
    this.#last = listing;
    this.#lastField = field;
    return field;
  }
}

function symbolField(symbol: string): Uint8Array {
  scratch.reset();
  scratch.text(symbolFieldNumber, symbol);
  return scratch.copy();
}
