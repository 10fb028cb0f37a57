/** The request messages of a stream, pulled one at a time so that a fast sender is held back by HTTP/2 flow control. */

/** The two ends of the reader: the transport pushes, the handler iterates. */
export type RequestReader = {
  messages: AsyncIterableIterator<Buffer>;
  push: (message: Buffer) => void;
  /** No further message comes. */
  close: () => void;
};

/** `startRead` asks the transport for one more message. At most one request is waited for at a time. */
export function createRequestReader(startRead: () => void): RequestReader {
  let closed = false;
  let waiting: ((result: IteratorResult<Buffer>) => void) | undefined;
  const settle = (result: IteratorResult<Buffer>) => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.(result);
  };
  const close = () => {
    closed = true;
    settle({ done: true, value: undefined });
  };
  const messages: AsyncIterableIterator<Buffer> = {
    [Symbol.asyncIterator]: () => messages,
    next: () =>
      new Promise((resolve) => {
        if (closed) return resolve({ done: true, value: undefined });
        waiting = resolve;
        startRead();
      }),
    return: async () => {
      close();
      return { done: true, value: undefined };
    },
  };
  return { messages, push: (message) => settle({ done: false, value: message }), close };
}
