/** What a call ended with, as the error that the server threw. */
import type { StatusObject } from '@grpc/grpc-js';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code, codeFromNumber } from '#platform/errors/code.ts';
import { fromStatusBytes } from '#platform/errors/details.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';

// Statuses that the channel itself makes have no details; these are what they mean here.
const channelReasons: Partial<Record<Code, ErrorReason>> = {
  [Code.UNAVAILABLE]: ErrorReason.DEPENDENCY_UNAVAILABLE,
  [Code.DEADLINE_EXCEEDED]: ErrorReason.DEADLINE_EXPIRED,
  [Code.CANCELLED]: ErrorReason.CANCELLED_BY_CALLER,
  [Code.UNIMPLEMENTED]: ErrorReason.UNIMPLEMENTED,
};

const channelMessages: Partial<Record<Code, string>> = {
  [Code.UNAVAILABLE]: 'the service is not reachable at the moment',
  [Code.DEADLINE_EXCEEDED]: 'the deadline passed before the service answered',
};

/** The error of a status other than OK. Texts of the channel (addresses, socket errors) go into `cause`, not the message. */
export function errorFromStatus(status: Pick<StatusObject, 'code' | 'details' | 'metadata'>): OutcryError {
  const bytes = status.metadata.get('grpc-status-details-bin')[0];
  const error = bytes instanceof Uint8Array ? fromBytes(bytes) : undefined;
  const code = codeFromNumber(status.code);
  if (error !== undefined && error.code === code) return error;
  const reason = channelReasons[code] ?? ErrorReason.UNSPECIFIED;
  const message = channelMessages[code];
  if (message === undefined) return new OutcryError(code, reason, status.details);
  return new OutcryError(code, reason, message, { cause: new Error(status.details) });
}

function fromBytes(bytes: Uint8Array): OutcryError | undefined {
  try {
    return fromStatusBytes(bytes);
  } catch {
    return undefined;
  }
}
