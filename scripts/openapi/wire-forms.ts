/** What the descriptions of all RPCs have in common: how errors look and how streams are framed. */
import type { JsonSchema } from './schemas.ts';

/** The body of every answer that is not OK. */
export const errorSchema: JsonSchema = {
  type: 'object',
  required: ['code'],
  properties: {
    code: { type: 'string', description: 'gRPC status in lower case, for instance failed_precondition.' },
    message: { type: 'string', description: 'What went wrong, for people.' },
    details: {
      type: 'array',
      description:
        'google.rpc details. ErrorInfo is always there: debug.reason is one of outcry.errors.v1.ErrorReason.',
      items: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          value: { type: 'string', contentEncoding: 'base64' },
          debug: { type: 'object', additionalProperties: true },
        },
      },
    },
  },
};

/** How streams are sent, for the description as a whole. */
export const framingText =
  'A server stream is a POST of content type application/connect+json: request and messages are frames, each a byte of flags, four ' +
  'bytes of length (big endian) and so many bytes of JSON.';

/** What the answer of a stream is made of. */
export const streamFramesText =
  'Frames, each with one message of this schema. The last frame has flag 2 and a JSON object instead: `error`, in the schema Error, ' +
  'when the stream failed, and `metadata`.';
