import type { ComponentChildren } from 'preact';
import { failureText } from '../rpc/failure.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Failed, Loading } from '../ui/status.tsx';
import type { Pages } from './use-pages.ts';

type ShownRowsProps<Row> = {
  pages: Pages<Row>;
  /** What is said where there are none. */
  empty: ComponentChildren;
  children: (rows: readonly Row[]) => ComponentChildren;
};

/** The rows of a list: bars before, the failure in their place, or the rows with a way to read on. */
export function ShownRows<Row>({ pages, empty, children }: ShownRowsProps<Row>) {
  const { rows, failure } = pages;
  if (!pages.isLoaded)
    return failure === undefined ? <Loading /> : <Failed failure={failure} onRetry={pages.readNewest} />;
  return (
    <>
      {failure !== undefined && (
        <p class="note old">
          Old: {failureText(failure)}{' '}
          <Button isSmall onClick={pages.readNewest}>
            Try again
          </Button>
        </p>
      )}
      {rows.length === 0 ? <Empty>{empty}</Empty> : children(rows)}
      {pages.hasMore && (
        <p class="more">
          <Button isSmall disabled={pages.isReading} onClick={pages.readMore}>
            {pages.isReading ? 'Reading' : 'Read older ones'}
          </Button>
        </p>
      )}
    </>
  );
}
