/**
 * The results of `work` in groups, each of which became known in one turn of the event loop: no result waits for one that comes later,
 * and what a group of a batcher answered leaves as one message. Rejects as the first of `work` that does.
 */
export async function* gatherReady<T>(work: Iterable<Promise<T>>): AsyncGenerator<T[], void> {
  let ready: T[] = [];
  let waiting = 0;
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  for (const one of work) {
    waiting += 1;
    one.then(
      (result) => {
        ready.push(result);
        wake();
      },
      (error: unknown) => {
        failure ??= { error };
        wake();
      },
    );
  }
  while (waiting > 0) {
    if (ready.length === 0 && failure === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (failure !== undefined) throw failure.error;
    const results = ready;
    ready = [];
    waiting -= results.length;
    yield results;
  }
}
