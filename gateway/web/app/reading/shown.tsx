import type { ComponentChildren } from 'preact';
import { failureText } from '../rpc/failure.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Loading } from '../ui/status.tsx';
import type { Reading } from './reading.ts';

type ShownProps<Value> = {
  reading: Reading<Value> & { readAgain: () => void };
  /** Bars while it is read for the first time. */
  rows?: number;
  children: (value: Value) => ComponentChildren;
};

/** What was read: bars before, the failure in its place, or the value; one that is old is dimmed, and says why. */
export function Shown<Value>({ reading, rows = 4, children }: ShownProps<Value>) {
  const { value, failure, readAgain } = reading;
  if (value === undefined)
    return failure === undefined ? <Loading rows={rows} /> : <Failed failure={failure} onRetry={readAgain} />;
  if (failure === undefined) return <>{children(value)}</>;
  return (
    <div class="stale">
      <p class="note old">
        Old: {failureText(failure)}{' '}
        <Button isSmall onClick={readAgain}>
          Try again
        </Button>
      </p>
      {children(value)}
    </div>
  );
}
