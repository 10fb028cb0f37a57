/** Which lists, by key, have grown since they were last cut to their bound. */
export type GrownLists = {
  /** The list has `count` more entries. */
  add(key: string, count: number): void;
  /** Takes up to `keysMax` keys of lists that are to be cut; each counts from 0 again. */
  take(keysMax: number): string[];
  /** Puts a key back whose list was not, or not wholly, cut. */
  putBack(key: string): void;
};

const keysMax = 50_000;

/**
 * Lists that are to be cut after each `growth` entries, so that cutting costs little an entry. A list of which nothing is known, as after a
 * start, is to be cut at its first entry. Remembers 50,000 keys; when there are more it forgets what it knows, which costs cuts and loses
 * none.
 */
export function createGrownLists(growth: number): GrownLists {
  const counts = new Map<string, number>();
  const due = new Set<string>();
  return {
    add(key, count) {
      const grown = (counts.get(key) ?? growth) + count;
      if (grown <= growth) {
        counts.set(key, grown);
        return;
      }
      if (counts.size >= keysMax) counts.clear();
      // A key that is left out is to be cut at its next entry.
      if (due.size < keysMax) due.add(key);
      else counts.delete(key);
    },
    take(max) {
      const taken: string[] = [];
      for (const key of due) {
        if (taken.length >= max) break;
        taken.push(key);
        due.delete(key);
        counts.set(key, 0);
      }
      return taken;
    },
    putBack(key) {
      due.add(key);
    },
  };
}
