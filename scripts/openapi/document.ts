/** The OpenAPI 3.1 description of public RPCs as Connect serves them: POST with JSON, errors with a code, a message and details. */
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import { getComments } from '@bufbuild/protoplugin';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule } from '#platform/auth/access.ts';
import { createSchemas, type JsonSchema } from './schemas.ts';

const errorSchema: JsonSchema = {
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

/** The document for these services; streaming RPCs are left out, since OpenAPI cannot say how they are framed. */
export function openApiDocument(services: DescService[]): object {
  const schemas = createSchemas();
  const paths = Object.fromEntries(
    services.flatMap((service) =>
      service.methods
        .filter((method) => method.methodKind === 'unary')
        .map((method) => [`/${service.typeName}/${method.name}`, { post: operation(method, schemas.refTo) }]),
    ),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Outcry', version: 'v1', description: 'Every public unary RPC as Connect serves it over HTTP.' },
    tags: services.map((service) => ({ name: service.typeName, description: commentOf(service) })),
    paths,
    components: {
      schemas: { ...schemas.collected(), Error: errorSchema },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

type RefTo = ReturnType<typeof createSchemas>['refTo'];

function operation(method: DescMethod, refTo: RefTo): object {
  const rule = accessRule(method);
  const anonymous = rule?.roles.includes(Role.ANONYMOUS) ?? false;
  const json = (schema: JsonSchema) => ({ 'application/json': { schema } });
  return {
    operationId: `${method.parent.typeName}.${method.name}`,
    tags: [method.parent.typeName],
    description: commentOf(method),
    'x-idempotency': Idempotency[method.idempotency],
    security: anonymous ? [] : [{ bearer: [] }],
    requestBody: { required: true, content: json(refTo(method.input)) },
    responses: {
      200: { description: 'The answer.', content: json(refTo(method.output)) },
      default: { description: 'A refusal or failure.', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

function commentOf(desc: DescMethod | DescService): string {
  return (getComments(desc).leading ?? '').trim().replace(/\n ?/g, '\n');
}
