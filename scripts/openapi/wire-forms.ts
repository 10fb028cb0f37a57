/** What the descriptions of all RPCs have in common: how errors look, the headers of answers, and how streams are framed. */
import { ErrorReason, ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { JsonSchema } from './schemas.ts';

// The names of gRPC's codes as the Connect protocol writes them.
const codes = [
  ...['canceled', 'unknown', 'invalid_argument', 'deadline_exceeded', 'not_found', 'already_exists'],
  ...['permission_denied', 'resource_exhausted', 'failed_precondition', 'aborted', 'out_of_range', 'unimplemented'],
  ...['internal', 'unavailable', 'data_loss', 'unauthenticated'],
];

const reasonPrefix = 'ERROR_REASON_';
const reasons = ErrorReasonSchema.values
  .filter(({ number }) => number !== ErrorReason.UNSPECIFIED)
  .map(({ name }) => name.slice(reasonPrefix.length));

/** The schemas of the body of every answer that is not OK, by name. */
export const errorSchemas: Record<string, JsonSchema> = {
  Error: {
    type: 'object',
    description: 'Why a call was refused or failed.',
    required: ['code'],
    properties: {
      code: { type: 'string', description: 'The gRPC code; it goes with the status.', enum: codes },
      message: { type: 'string', description: 'What went wrong, for people.' },
      details: {
        type: 'array',
        description: 'Details for programs; google.rpc.ErrorInfo is always there.',
        items: { $ref: '#/components/schemas/ErrorDetail' },
      },
    },
  },
  ErrorDetail: {
    type: 'object',
    description: 'One message of google.rpc.',
    properties: {
      type: {
        type: 'string',
        description:
          'Its name: google.rpc.ErrorInfo, google.rpc.BadRequest, google.rpc.PreconditionFailure, google.rpc.RetryInfo.',
      },
      value: { type: 'string', description: 'Its bytes.', contentEncoding: 'base64' },
      debug: { $ref: '#/components/schemas/ErrorFacts' },
    },
  },
  ErrorFacts: {
    type: 'object',
    description: 'The fields of the detail: those of its message.',
    properties: {
      reason: { $ref: '#/components/schemas/ErrorReason' },
      domain: { type: 'string', description: 'Of ErrorInfo: outcry.' },
      metadata: {
        type: 'object',
        description: 'Of ErrorInfo: the numbers of the refusal, as text.',
        additionalProperties: { type: 'string' },
      },
      fieldViolations: {
        type: 'array',
        description: 'Of BadRequest: each field that is wrong.',
        items: { $ref: '#/components/schemas/FieldViolation' },
      },
      retryDelay: { type: 'string', description: 'Of RetryInfo: when to come back, for instance 1.500s.' },
    },
  },
  ErrorReason: {
    type: 'string',
    description: 'Of ErrorInfo: the reason, from a closed list; releases add to it.',
    enum: reasons,
  },
  FieldViolation: {
    type: 'object',
    description: 'A field that is wrong.',
    properties: {
      field: { type: 'string', description: 'Its path, for instance terms.limit_price.' },
      description: { type: 'string', description: 'What is wrong with it.' },
    },
  },
};

/** An error as it is answered. */
const errorExample = {
  code: 'invalid_argument',
  message: 'terms.limit_price is off the tick',
  details: [
    {
      type: 'google.rpc.ErrorInfo',
      value: 'ChFQUklDRV9OT1RfT05fVElDSxIGb3V0Y3J5',
      debug: { reason: 'PRICE_NOT_ON_TICK', domain: 'outcry' },
    },
    {
      type: 'google.rpc.BadRequest',
      value: 'Ch4KEXRlcm1zLmxpbWl0X3ByaWNlEgxvZmYgdGhlIHRpY2s',
      debug: { fieldViolations: [{ field: 'terms.limit_price', description: 'is off the tick' }] },
    },
  ],
};

const whole = (description: string) => ({ description, schema: { type: 'integer' } });

/** The headers of answers, by the names of their components. */
export const headerComponents = {
  RequestId: {
    description: 'Names the call in logs: what the caller sent as X-Request-Id, or a new UUID.',
    schema: { type: 'string' },
  },
  RateLimit: { description: 'Calls a second that the caller may make on average.', schema: { type: 'number' } },
  RateLimitRemaining: whole('Calls that the caller may make at once by now.'),
  RateLimitReset: whole('The second, in Unix time, from which none of them is used up any more.'),
  RetryAfter: whole('Seconds after which to come back; there when the refusal says so.'),
};

const refTo = (name: keyof typeof headerComponents) => ({ $ref: `#/components/headers/${name}` });

/** The headers of every answer. */
export const answerHeaders = {
  'X-Request-Id': refTo('RequestId'),
  'X-RateLimit-Limit': refTo('RateLimit'),
  'X-RateLimit-Remaining': refTo('RateLimitRemaining'),
  'X-RateLimit-Reset': refTo('RateLimitReset'),
};

/** The answer of a call that was refused or failed. */
export const failureResponse = {
  description: 'A refusal or failure.',
  headers: { ...answerHeaders, 'Retry-After': refTo('RetryAfter') },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' }, example: errorExample } },
};

/** How streams are sent, for the description as a whole. */
export const framingText =
  'A server stream is a POST of content type application/connect+json: request and messages are frames, each a byte of flags, four ' +
  'bytes of length (big endian) and so many bytes of JSON.';

/** What the answer of a stream is made of. */
export const streamFramesText =
  'Frames, each with one message of this schema. The last frame has flag 2 and a JSON object instead: `error`, in the schema Error, ' +
  'when the stream failed, and `metadata`.';
