/** The OpenAPI 3.1 description of public RPCs as Connect serves them: over POST and, where nothing changes, over GET. */
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import { Role, Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule } from '#platform/auth/access.ts';
import { keyScopes } from '#platform/auth/scopes.ts';
import { firstSentence, textOf } from './comments.ts';
import { literalBody } from './literals.ts';
import { exampleRequest } from './request-bodies.ts';
import { createSchemas, type JsonSchema } from './schemas.ts';
import {
  answerHeaders,
  errorSchemas,
  failureResponse,
  framingText,
  headerComponents,
  streamFramesText,
} from './wire-forms.ts';

const description = `Every public RPC as Connect serves it over HTTP. A unary RPC is a POST with JSON; one that changes nothing is a GET
too. ${framingText}`;

const securitySchemes = {
  session: { type: 'http', scheme: 'bearer', description: 'The access token of a session: SessionService/LogIn.' },
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `ok_...`: ApiKeyService/CreateApiKey.' },
};

/** The document for these services. */
export function openApiDocument(services: DescService[]): object {
  const schemas = createSchemas();
  const paths = services.flatMap((service) =>
    service.methods.map((method) => [`/${service.typeName}/${method.name}`, pathItem(method, schemas.refTo)] as const),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Outcry', version: 'v1', description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/', description: 'The gateway that serves this description.' }],
    tags: services.map((service) => ({ name: service.typeName, description: textOf(service) })),
    paths: Object.fromEntries(paths),
    components: {
      schemas: { ...schemas.collected(), ...errorSchemas },
      responses: { Failure: failureResponse },
      headers: headerComponents,
      securitySchemes,
    },
  };
}

type RefTo = ReturnType<typeof createSchemas>['refTo'];

function pathItem(method: DescMethod, refTo: RefTo): object {
  if (method.methodKind !== 'unary') return { post: streamOperation(method, refTo) };
  const post = unaryOperation(method, refTo);
  if (method.idempotency !== Idempotency.NO_SIDE_EFFECTS) return { post };
  const { requestBody: _, ...operation } = post;
  return { get: { ...operation, operationId: `${post.operationId}.get`, parameters: queryOf(method, refTo) }, post };
}

function unaryOperation(method: DescMethod, refTo: RefTo) {
  return {
    ...described(method),
    requestBody: { required: true, content: { 'application/json': requestMedia(method, refTo) } },
    responses: answers('The answer.', { 'application/json': { schema: refTo(method.output) } }),
  };
}

// OpenAPI 3.1 has no word for a sequence of framed messages: the schemas are those of one message.
function streamOperation(method: DescMethod, refTo: RefTo): object {
  const framed = 'application/connect+json';
  return {
    ...described(method),
    'x-streaming': 'server',
    requestBody: { required: true, description: 'One frame.', content: { [framed]: requestMedia(method, refTo) } },
    responses: answers(streamFramesText, { [framed]: { schema: refTo(method.output) } }),
  };
}

function requestMedia(method: DescMethod, refTo: RefTo): { schema: JsonSchema; example: object } {
  return { schema: refTo(method.input), example: literalBody(exampleRequest(method)) };
}

const failure = { $ref: '#/components/responses/Failure' };

function answers(text: string, content: Record<string, { schema: JsonSchema }>) {
  return { 200: { description: text, headers: answerHeaders, content }, '4XX': failure, default: failure };
}

function scopeName(scope: Scope | undefined): string {
  if (scope === Scope.SESSION) return 'no key may call it';
  return keyScopes.get(scope ?? Scope.UNSPECIFIED) ?? 'none is needed';
}

function described(method: DescMethod) {
  const comment = textOf(method);
  return {
    operationId: `${method.parent.typeName}.${method.name}`,
    tags: [method.parent.typeName],
    summary: firstSentence(comment),
    description: comment,
    'x-idempotency': Idempotency[method.idempotency],
    'x-api-key-scope': scopeName(accessRule(method)?.scope),
    security: securityOf(method),
  };
}

/** Who may call: anybody, a session, or a session or a key. */
function securityOf(method: DescMethod): Record<string, string[]>[] {
  const { roles = [], scope } = accessRule(method) ?? {};
  if (roles.includes(Role.ANONYMOUS)) return [];
  return scope === Scope.SESSION ? [{ session: [] }] : [{ session: [] }, { apiKey: [] }];
}

/** The query of a call over GET. */
function queryOf(method: DescMethod, refTo: RefTo): object[] {
  const given = (name: string, value: string, text: string) => ({
    name,
    in: 'query',
    required: true,
    description: text,
    schema: { type: 'string', enum: [value] },
  });
  return [
    given('connect', 'v1', 'The version of the protocol.'),
    given('encoding', 'json', 'How the message is written.'),
    {
      name: 'message',
      in: 'query',
      required: true,
      description: 'The request.',
      content: { 'application/json': requestMedia(method, refTo) },
    },
  ];
}
