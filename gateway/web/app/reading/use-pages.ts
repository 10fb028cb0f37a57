import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Failure, failureOf } from '../rpc/failure.ts';
import { type PageRows, type RowPage, withNewest, withPage } from './page-rows.ts';

type PagesOptions<Row> = {
  /** What is listed, with its filters: another key begins anew. */
  key: string;
  keyOf: (row: Row) => string;
  /** How often the newest page is read again while the page is in view, in milliseconds; 0: never. */
  everyMs?: number | undefined;
};

/** A list that is read page by page. */
export type Pages<Row> = {
  rows: readonly Row[];
  /** Whether the first page was read. */
  isLoaded: boolean;
  hasMore: boolean;
  isReading: boolean;
  failure: Failure | undefined;
  readMore: () => void;
  /** Reads the newest page again. */
  readNewest: () => void;
};

const none = { rows: [], nextPageToken: undefined };

/** Reads a list while its component is shown: the first page at once, each further one when it is asked for. */
export function usePages<Row>(
  readPage: (pageToken: string, signal: AbortSignal) => Promise<RowPage<Row>>,
  { key, keyOf, everyMs = 0 }: PagesOptions<Row>,
): Pages<Row> {
  const [known, setKnown] = useState<PageRows<Row>>(none);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [isReading, setReading] = useState(false);
  const current = useRef({ signal: AbortSignal.abort(), isBusy: false, readPage });
  current.current.readPage = readPage;
  const read = useCallback(async (pageToken: string) => {
    const list = current.current;
    const { signal } = list;
    if (list.isBusy || signal.aborted) return;
    list.isBusy = true;
    setReading(true);
    try {
      const page = await list.readPage(pageToken, signal);
      if (signal.aborted) return;
      setKnown((rows) => (pageToken === '' ? withNewest(rows, page, keyOf) : withPage(rows, page, keyOf)));
      setFailure(undefined);
    } catch (error) {
      if (!signal.aborted) setFailure(failureOf(error));
    } finally {
      if (!signal.aborted) {
        list.isBusy = false;
        setReading(false);
      }
    }
  }, []);
  useEffect(() => {
    const ended = new AbortController();
    current.current = { ...current.current, signal: ended.signal, isBusy: false };
    setKnown(none);
    setFailure(undefined);
    void read('');
    const timer = everyMs > 0 ? setInterval(() => document.visibilityState === 'visible' && void read(''), everyMs) : 0;
    return () => {
      clearInterval(timer);
      ended.abort();
    };
  }, [key, everyMs]);
  const next = known.nextPageToken;
  return {
    rows: known.rows,
    isLoaded: next !== undefined,
    hasMore: next !== undefined && next !== '',
    isReading,
    failure,
    readMore: () => {
      if (next !== undefined && next !== '') void read(next);
    },
    readNewest: () => void read(''),
  };
}
