import { Code, ConnectError } from '@connectrpc/connect';

/** An error of this page itself, by which nothing was done; the text begins in small letters, without a full stop. */
export function notDone(text: string): ConnectError {
  return new ConnectError(text, Code.FailedPrecondition);
}
