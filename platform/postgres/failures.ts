import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { NoAnswerError } from './connection-watch.ts';

// Class 08 is connection exceptions; the others: shutting down, crashed, starting, no such database (not made yet), too many connections; a
// session that was idle for too long; and a server that may only be read, as another one is the primary by now.
const unavailableStates = /^(08...|57P0[1235]|3D000|53300|25P0[34]|25006)$/;
// The statement or its wait for a lock took too long; no memory; the disk is full, or cannot be read or written.
const overloadedStates = new Set(['57014', '55P03', '53200', '53100', '58030']);
const unavailableErrnos = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const unavailableMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** The SQLSTATE or errno of a failure, empty when it has none. */
export function failureCode(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * Thrown by the work of a transaction when another one has changed rows that it read: the transaction is rolled back and run
 * again, as after PostgreSQL's own serialization failure. When its attempts are used up, the caller gets ABORTED.
 */
export class TransactionConflictError extends Error {
  override readonly name = 'TransactionConflictError';
  /** SQLSTATE of a serialization failure. */
  readonly code = '40001';
}

/** Whether the database asks to repeat the whole transaction: serialization failure or deadlock. */
export function isSerializationFailure(error: unknown): boolean {
  const code = failureCode(error);
  return code === '40001' || code === '40P01';
}

/** Most connections with a stale plan that one statement or transaction meets before it fails. */
export const stalePlansMax = 32;

/**
 * Whether a prepared statement can no longer run on its connection, because a migration has changed a table that it reads whole. It had no
 * effect, and runs on a new connection.
 */
export function isStalePlan(error: unknown): boolean {
  return failureCode(error) === '0A000' && error instanceof Error && error.message.startsWith('cached plan');
}

/** Whether a server refuses to write: it was demoted, or is not the primary yet. All connections to it are of no use. */
export function isReadOnlyServer(error: unknown): boolean {
  return failureCode(error) === '25006';
}

/** Whether a statement's own error says that the database was not reached, or went away before it answered. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof NoAnswerError) return true;
  const code = failureCode(error);
  if (unavailableStates.test(code) || unavailableErrnos.has(code) || isStalePlan(error)) return true;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isConnectionFailure);
  return error instanceof Error && unavailableMessages.test(error.message);
}

/** Whether the database or another dependency was unreachable: the same work may succeed later. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof OutcryError ? error.code === Code.UNAVAILABLE : isConnectionFailure(error);
}

/**
 * UNAVAILABLE for an unreachable or overloaded database and ABORTED for a TransactionConflictError, with the cause for the log; other errors
 * as they are.
 */
export function toCallerError(error: unknown): unknown {
  if (error instanceof TransactionConflictError) {
    const message = 'too many calls change the same data at once';
    return new OutcryError(Code.ABORTED, ErrorReason.OVERLOADED, message, { cause: error });
  }
  if (isConnectionFailure(error)) {
    return new OutcryError(
      Code.UNAVAILABLE,
      ErrorReason.DEPENDENCY_UNAVAILABLE,
      'the database is not reachable at the moment',
      { cause: error },
    );
  }
  if (overloadedStates.has(failureCode(error))) {
    return new OutcryError(Code.UNAVAILABLE, ErrorReason.OVERLOADED, 'the database cannot do it at the moment', {
      cause: error,
    });
  }
  return error;
}
