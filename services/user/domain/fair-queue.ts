/** A bounded queue of lanes that take turns, so that no lane holds up another for longer than one round. */

/** Entries wait in named lanes; the queue is fair between lanes and first-in-first-out within one. */
export type FairQueue<T> = {
  /**
   * Adds to the end of a lane. When the queue is full, the newest entry of the longest lane gives way, provided that the lane of
   * the newcomer stays shorter; returns the entry that has no place, which is `entry` itself when none gives way.
   */
  push(lane: string, entry: T): T | undefined;
  /** Takes the first entry of the lane whose turn it is; undefined when nothing waits. */
  shift(): T | undefined;
  /** Removes an entry that does not wait any longer; nothing happens when it is not there. */
  remove(lane: string, entry: T): void;
};

/** A queue for at most `lengthMax` entries in all lanes together. */
export function createFairQueue<T>({ lengthMax }: { lengthMax: number }): FairQueue<T> {
  // In the order of their turns. A lane without entries is not in the map.
  const lanes = new Map<string, T[]>();
  let length = 0;

  const takeAt = (lane: string, index: number): T | undefined => {
    const entries = lanes.get(lane) ?? [];
    const [entry] = entries.splice(index, 1);
    if (entry !== undefined) length -= 1;
    if (entries.length === 0) lanes.delete(lane);
    return entry;
  };

  const longestLane = () => {
    let longest = { lane: '', length: 0 };
    for (const [lane, entries] of lanes)
      if (entries.length > longest.length) longest = { lane, length: entries.length };
    return longest;
  };

  return {
    push(lane, entry) {
      const entries = lanes.get(lane) ?? [];
      let displaced: T | undefined;
      if (length >= lengthMax) {
        const longest = longestLane();
        if (longest.length <= entries.length + 1) return entry;
        displaced = takeAt(longest.lane, -1);
      }
      entries.push(entry);
      lanes.set(lane, entries);
      length += 1;
      return displaced;
    },
    shift() {
      const turn = lanes.entries().next();
      if (turn.done) return undefined;
      const [lane, entries] = turn.value;
      const entry = takeAt(lane, 0);
      lanes.delete(lane);
      if (entries.length > 0) lanes.set(lane, entries);
      return entry;
    },
    remove(lane, entry) {
      const index = lanes.get(lane)?.indexOf(entry) ?? -1;
      if (index >= 0) takeAt(lane, index);
    },
  };
}
