import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { CommandResult } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { alreadyExists, notFound, type OutcryError, refused } from '#platform/errors/outcry-error.ts';

/** The error of a key that stands for something else. */
export function keyReused(): OutcryError {
  return alreadyExists(ErrorReason.KEY_REUSED, 'the key was used before with another body');
}

/** The error of a command that the exchange rejected. */
export function commandError({ reason, metadata }: CommandResult): OutcryError {
  switch (reason) {
    case ErrorReason.SYMBOL_ALREADY_LISTED:
      return alreadyExists(reason, 'the symbol is listed with other terms', metadata);
    case ErrorReason.KEY_REUSED:
      return keyReused();
    case ErrorReason.SYMBOL_UNKNOWN:
      return notFound(reason, 'the exchange has no book of this symbol', metadata);
    default:
      return refused(reason, 'the exchange rejected the command', metadata);
  }
}
