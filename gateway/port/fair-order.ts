/** The order in which waiting things get their turn when their owners share alike. */

/** Whose a waiting thing is: a connection of a client, and the address of that client. */
export type Owner = { address: string; connection: object };

/**
 * Waiting things in turns of their addresses, and within an address in turns of its connections, each of which is first come, first
 * served. Adding and taking cost the same however many wait.
 */
export class FairOrder<T extends Owner> {
  // The order of a map is the order of turns: who had one goes to the end.
  readonly #addresses = new Map<string, { size: number; connections: Map<object, T[]> }>();
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  add(waiting: T): void {
    const { address, connection } = waiting;
    const group = this.#addresses.get(address) ?? { size: 0, connections: new Map<object, T[]>() };
    const queue = group.connections.get(connection) ?? [];
    queue.push(waiting);
    group.connections.set(connection, queue);
    group.size += 1;
    this.#addresses.set(address, group);
    this.#size += 1;
  }

  /** Takes the next one. Throws RangeError when none waits. */
  take(): T {
    const [address, group] = firstOf(this.#addresses);
    const [connection, queue] = firstOf(group.connections);
    const taken = queue.shift() as T;
    group.connections.delete(connection);
    if (queue.length > 0) group.connections.set(connection, queue);
    this.#addresses.delete(address);
    this.#size -= 1;
    group.size -= 1;
    if (group.size > 0) this.#addresses.set(address, group);
    return taken;
  }

  /** Takes the last one of the longest queue of the address that has the most waiting. Throws RangeError when none waits. */
  takeFromLongest(): T {
    const [address, group] = greatestOf(this.#addresses, ({ size }) => size);
    const [connection, queue] = greatestOf(group.connections, ({ length }) => length);
    const taken = queue.pop() as T;
    if (queue.length === 0) group.connections.delete(connection);
    group.size -= 1;
    if (group.size === 0) this.#addresses.delete(address);
    this.#size -= 1;
    return taken;
  }
}

function firstOf<K, V>(map: Map<K, V>): [K, V] {
  for (const entry of map) return entry;
  throw new RangeError('nothing waits');
}

function greatestOf<K, V>(map: Map<K, V>, sizeOf: (value: V) => number): [K, V] {
  let greatest = firstOf(map);
  for (const entry of map) if (sizeOf(entry[1]) > sizeOf(greatest[1])) greatest = entry;
  return greatest;
}
