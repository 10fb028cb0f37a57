import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { toStatus } from '#platform/errors/details.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { httpStatusOf, jsonErrorOf, retryAfterOf } from '../lean/refusal-forms.ts';
import type { RequestHandler } from '../port/request-handler.ts';

type Response = Parameters<RequestHandler>[1];

/** Answers with an error in the shape that every RPC has for it in JSON. What is not an OutcryError is INTERNAL, without its cause. */
export function sendRefusal(response: Response, error: unknown): void {
  const status = toStatus(error);
  const retryAfter = retryAfterOf(status);
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  const isTooLarge = error instanceof OutcryError && error.reason === ErrorReason.MESSAGE_TOO_LARGE;
  response.writeHead(isTooLarge ? 413 : httpStatusOf(status), { 'content-type': 'application/json' });
  response.end(jsonErrorOf(status));
}

/** 405 for a path that has only one method. */
export function refuseMethod(response: Response, allowed: string): void {
  response.writeHead(405, { allow: allowed, 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: 'unimplemented', message: `only ${allowed} is answered here` }));
}
