import type { ComponentChildren } from 'preact';
import { type Failure, failureText } from '../rpc/failure.ts';
import { Button } from './button.tsx';

/** Bars of the final size where rows will be; nothing is seen in the first 300 ms. */
export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <div class="bars" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}

/** What stands where there is nothing, and what to do about it. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="status">{children}</p>;
}

/** What failed, with a way to try again and the id to name when asking for help. */
export function Failed({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div class="note bad" role="alert">
      <p>{failureText(failure)}</p>
      <Button isSmall onClick={onRetry}>
        Try again
      </Button>
      {failure.requestId !== '' && (
        <Button isSmall kind="plain" onClick={() => void navigator.clipboard?.writeText(failure.requestId)}>
          Copy the request id
        </Button>
      )}
    </div>
  );
}
