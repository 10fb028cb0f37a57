import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Failure, failureOf } from '../rpc/failure.ts';
import { type PageRows, type RowPage, type WithChange, withChanged, withNewest, withPage } from './page-rows.ts';

type PagesOptions<Row> = {
  /** What is listed, with its filters: another key begins anew. */
  key: string;
  keyOf: (row: Row) => string;
  /** How often the newest page is read again while the page is in view, in milliseconds; 0: never. */
  everyMs?: number | undefined;
  /** For lists that are sent what changes. */
  withChange?: WithChange<Row> | undefined;
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
  /** Takes the new state of a row, or a row that came. */
  change: (row: Row) => void;
};

/** What is under way for one list. */
type Reads<Row> = {
  signal: AbortSignal;
  readPage: (pageToken: string, signal: AbortSignal) => Promise<RowPage<Row>>;
  isBusy: boolean;
  /** The newest page is read once more after this one. */
  isAskedAgain: boolean;
  /** What has changed since this read began, and may be missing in its page. */
  changed: Row[];
};

const none = { rows: [], nextPageToken: undefined };
const idle = { isBusy: false, isAskedAgain: false, changed: [] };

/** Reads a list while its component is shown: the first page at once, each further one when it is asked for. */
export function usePages<Row>(
  readPage: (pageToken: string, signal: AbortSignal) => Promise<RowPage<Row>>,
  { key, keyOf, everyMs = 0, withChange }: PagesOptions<Row>,
): Pages<Row> {
  const [known, setKnown] = useState<PageRows<Row>>(none);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [isReading, setReading] = useState(false);
  const current = useRef<Reads<Row>>({ ...idle, signal: AbortSignal.abort(), readPage });
  current.current.readPage = readPage;
  const change = useRef(withChange);
  change.current = withChange;
  const apply = useCallback((row: Row) => {
    setKnown((rows) => (change.current === undefined ? rows : withChanged(rows, row, change.current)));
  }, []);
  const read = useCallback(async (pageToken: string) => {
    const list = current.current;
    const { signal } = list;
    if (list.isBusy || signal.aborted) return;
    Object.assign(list, { isBusy: true, isAskedAgain: false, changed: [] });
    setReading(true);
    try {
      const page = await list.readPage(pageToken, signal);
      if (signal.aborted) return;
      setKnown((rows) => (pageToken === '' ? withNewest(rows, page, keyOf) : withPage(rows, page, keyOf)));
      list.changed.forEach(apply);
      setFailure(undefined);
    } catch (error) {
      if (!signal.aborted) setFailure(failureOf(error));
    } finally {
      if (!signal.aborted) {
        list.isBusy = false;
        setReading(false);
        if (list.isAskedAgain) void read('');
      }
    }
  }, []);
  useEffect(() => {
    const ended = new AbortController();
    current.current = { ...idle, signal: ended.signal, readPage: current.current.readPage };
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
    readNewest: useCallback(() => {
      const list = current.current;
      list.isAskedAgain = list.isBusy;
      void read('');
    }, []),
    change: useCallback((row: Row) => {
      if (current.current.isBusy) current.current.changed.push(row);
      apply(row);
    }, []),
  };
}
