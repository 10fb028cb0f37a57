/** A call that a handler before Connect has begun, and that Connect goes on with. */
import type { Trace } from '#platform/telemetry/trace-context.ts';
import type { Admission } from '../call/context-keys.ts';
import type { RequestHandler } from '../port/request-handler.ts';

/** Its trace, its admission, and its body, of which a part may have been read. */
export type BegunCall = { trace: Trace; admission: Admission; body: AsyncIterable<Uint8Array> };

/** The body of a request of which these chunks have been read. */
export async function* replay(
  chunks: readonly Buffer[],
  request: Parameters<RequestHandler>[0],
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (!request.readableEnded) yield* request;
}
