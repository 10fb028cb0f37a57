/** One reading for several gauges: the gauges of a scrape are collected at the same time. */

/** Calls `read` once for all who ask while it runs. */
export function shareRead<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
