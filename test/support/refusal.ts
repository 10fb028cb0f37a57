/** Reads the refusals of all kinds of client. */
import { ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { JsonError } from './fetch-client.ts';

/** A refusal: the gRPC status in Connect's words, the closed reason and its numbers. */
export type Refusal = { code: string; reason: string; metadata: Record<string, string>; message: string };

const codes = [
  'ok',
  'canceled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
];

/** The refusal of a call. Throws when the call succeeds or fails in any other way. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    (answer) => {
      throw new Error(`the call was not refused: ${JSON.stringify(answer)}`);
    },
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectError) return fromConnect(error);
  if (error instanceof JsonError) return fromJson(error);
  throw error;
}

/** The status of a call: `ok`, or the code of its refusal. */
export async function statusOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return (await refusalOf(Promise.reject(error))).code;
  }
}

function fromConnect(error: ConnectError): Refusal {
  const [info] = error.findDetails(ErrorInfoSchema);
  return {
    code: codes[error.code] ?? 'unknown',
    reason: info?.reason ?? '',
    metadata: { ...info?.metadata },
    message: error.rawMessage,
  };
}

function fromJson({ body }: JsonError): Refusal {
  const {
    code = '',
    message = '',
    details = [],
  } = body as {
    code?: string;
    message?: string;
    details?: { debug?: { reason?: string; metadata?: Record<string, string> } }[];
  };
  const debug = details.find((detail) => detail.debug?.reason !== undefined)?.debug;
  return { code, message, reason: debug?.reason ?? '', metadata: debug?.metadata ?? {} };
}
