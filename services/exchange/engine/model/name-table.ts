import { grown } from './columns.ts';
import { Hasher } from './hasher.ts';

/** Interned accounts and self-trade groups: small integer handles with reference counts. */
export class NameTable {
  /** The name of each handle. */
  names: string[] = [];
  /** Hash lanes of each name; the state hash uses them because handles depend on history. */
  hashLow = new Int32Array(64);
  hashHigh = new Int32Array(64);
  #references = new Int32Array(64);
  #handles = new Map<string, number>();
  #free: number[] = [];
  #hasher = new Hasher();

  /** The handle of a known name, or -1. */
  find(name: string): number {
    return this.#handles.get(name) ?? -1;
  }

  /** The handle of a name, created if it is new; adds a reference. */
  acquire(name: string): number {
    const handle = this.#handles.get(name) ?? this.#make(name);
    this.#references[handle]!++;
    return handle;
  }

  /** Adds a reference to a handle. */
  retain(handle: number): number {
    this.#references[handle]!++;
    return handle;
  }

  /** Removes a reference; without references the name is removed. */
  release(handle: number): void {
    if (--this.#references[handle]! > 0) return;
    this.#handles.delete(this.names[handle]!);
    this.names[handle] = '';
    this.#free.push(handle);
  }

  #make(name: string): number {
    const handle = this.#free.pop() ?? this.names.length;
    if (handle >= this.hashLow.length) this.#grow(handle * 2);
    const hash = this.#hasher.reset().text(name);
    this.hashLow[handle] = hash.low();
    this.hashHigh[handle] = hash.high();
    this.names[handle] = name;
    this.#references[handle] = 0;
    this.#handles.set(name, handle);
    return handle;
  }

  #grow(capacity: number): void {
    this.hashLow = grown(this.hashLow, capacity);
    this.hashHigh = grown(this.hashHigh, capacity);
    this.#references = grown(this.#references, capacity);
  }
}
