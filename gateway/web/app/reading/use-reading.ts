import { useCallback, useEffect, useReducer, useState } from 'preact/hooks';
import { failureOf } from '../rpc/failure.ts';
import { nextReading, type Reading, type ReadingEvent, unread } from './reading.ts';

type ReadingOptions = {
  /** What is read: another key begins anew. */
  key: string;
  /** How often it is read again while the page is in view, in milliseconds; 0: once. */
  everyMs?: number | undefined;
  /** Whether there is something to read; false: nothing is asked. */
  isActive?: boolean | undefined;
};

/** Reads something while its component is shown. `readAgain` reads it at once. */
export function useReading<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  { key, everyMs = 0, isActive = true }: ReadingOptions,
): Reading<Value> & { readAgain: () => void } {
  const [reading, send] = useReducer(nextReading<Value>, unread<Value>());
  const [asked, setAsked] = useState(0);
  useEffect(() => send({ kind: 'reset' }), [key]);
  useEffect(() => {
    if (!isActive) return undefined;
    const ended = new AbortController();
    const once = () => readOnce(read, ended.signal, send);
    void once();
    const timer = everyMs > 0 ? setInterval(() => document.visibilityState === 'visible' && void once(), everyMs) : 0;
    return () => {
      clearInterval(timer);
      ended.abort();
    };
  }, [key, everyMs, isActive, asked]);
  return { ...reading, readAgain: useCallback(() => setAsked((count) => count + 1), []) };
}

async function readOnce<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  signal: AbortSignal,
  send: (event: ReadingEvent<Value>) => void,
): Promise<void> {
  send({ kind: 'begun' });
  try {
    const value = await read(signal);
    if (!signal.aborted) send({ kind: 'read', value });
  } catch (error) {
    if (!signal.aborted) send({ kind: 'failed', failure: failureOf(error) });
  }
}
