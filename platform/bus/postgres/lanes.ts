/** Runs tasks in a fixed number of lanes: those of one key one after another, those of different keys side by side. */
export type Lanes = {
  /** `task` must not reject. */
  run(key: string, task: () => Promise<void>): void;
  /** Resolves when everything that was given so far has ended. */
  settled(): Promise<void>;
};

/** Makes `count` lanes, at least 1. */
export function createLanes(count: number): Lanes {
  const lanes = Array.from({ length: count }, () => Promise.resolve());
  return {
    run(key, task) {
      const lane = laneOf(key, count);
      lanes[lane] = (lanes[lane] as Promise<void>).then(task);
    },
    settled: async () => {
      await Promise.all(lanes);
    },
  };
}

function laneOf(key: string, count: number): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return Math.abs(hash % count);
}
