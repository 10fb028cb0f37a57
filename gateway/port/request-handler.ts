/** The handler of requests that the port calls, and the guard that contains its faults. */
import type http from 'node:http';

/**
 * Answers a request of either protocol. HTTP/2 requests come through Node's compatibility API, which has the parts of the
 * HTTP/1.1 one that handlers use here, so handlers are written against that.
 */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/**
 * A handler that cannot end the process. A client may leave at any moment, and Node then emits errors on request and response at
 * times that no handler foresees: they are taken here. What the handler throws goes to `onFault`, which also ends the call.
 */
export function guardHandler(
  handler: RequestHandler,
  onFault: (error: unknown, response: http.ServerResponse) => void,
): RequestHandler {
  return (request, response) => {
    ignoreErrors(request, response);
    try {
      handler(request, response);
    } catch (error) {
      onFault(error, response);
    }
  };
}

/** Takes the errors of streams whose end is noticed otherwise: an error that nothing listens to ends the process. */
export function ignoreErrors(...emitters: NodeJS.EventEmitter[]): void {
  for (const emitter of emitters) emitter.on('error', ignore);
}

function ignore(): void {}
