/** Runs tasks strictly one after another, in the order they were given; a failed one does not hold up the next. */
export type Mutex = <T>(task: () => Promise<T>) => Promise<T>;

/** A mutex that nothing holds. A connection, for instance, takes one statement at a time: it queues those that come together. */
export function createMutex(): Mutex {
  let last: Promise<unknown> | undefined;
  return (task) => {
    const current = last ? last.then(task, task) : task();
    last = current;
    const clear = () => {
      if (last === current) last = undefined;
    };
    current.then(clear, clear);
    return current;
  };
}
