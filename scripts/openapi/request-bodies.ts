/** The example requests of all RPCs, in the order in which they can be sent: what every form of the collection is made from. */
import type { DescField, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule } from '#platform/auth/access.ts';
import { examples, fieldExamples, firstExamples, lastExamples, type RequestExample } from './request-examples.ts';

/** One request with its body, whose texts may have variables in double braces. */
export type ExampleRequest = {
  method: DescMethod;
  /** Names the request, so that later ones can use it and its answer. */
  name: string | undefined;
  /** The variable with the token that it needs; undefined: none. */
  token: string | undefined;
  body: Record<string, unknown>;
};

/** A request of each unary RPC, and those that come before and after all others. Throws when an example is of no RPC. */
export function exampleRequests(services: readonly DescService[]): ExampleRequest[] {
  const methods = services.flatMap((service) => service.methods);
  const byName = new Map(methods.map((method) => [nameOf(method), method]));
  const framing = new Set([...firstExamples, ...lastExamples].map(({ rpc }) => rpc));
  const misnamed = [...examples.map(({ rpc }) => rpc), ...framing].filter((rpc) => !byName.has(rpc));
  if (misnamed.length > 0) throw new Error(`there are examples of RPCs that are not there: ${misnamed.join(', ')}`);
  const unary = methods.filter((method) => method.methodKind === 'unary' && !framing.has(nameOf(method)));
  return [...firstExamples, ...unary.map(exampleFor), ...lastExamples].flatMap((example) => {
    const method = byName.get(example.rpc);
    return method === undefined ? [] : [requestOf(method, example)];
  });
}

/** The request of one RPC, also of a stream. */
export function exampleRequest(method: DescMethod): ExampleRequest {
  const framing = [...firstExamples, ...lastExamples].find(({ rpc }) => rpc === nameOf(method));
  return requestOf(method, framing ?? exampleFor(method));
}

function exampleFor(method: DescMethod): RequestExample {
  const rpc = nameOf(method);
  return examples.find((example) => example.rpc === rpc) ?? { rpc };
}

function requestOf(method: DescMethod, example: RequestExample): ExampleRequest {
  return { method, name: example.name, token: example.token ?? tokenFor(method), body: bodyOf(method, example) };
}

function nameOf(method: DescMethod): string {
  return `${method.parent.name}/${method.name}`;
}

/** The variable with the token of somebody who may call the RPC; undefined where none is needed. */
function tokenFor(method: DescMethod): string | undefined {
  const roles = accessRule(method)?.roles ?? [];
  if (roles.includes(Role.ANONYMOUS)) return undefined;
  return roles.includes(Role.USER) ? 'token' : 'adminToken';
}

function bodyOf(method: DescMethod, { body = {} }: RequestExample): Record<string, unknown> {
  const fields = { ...exampleOf(method.input, 0), ...body };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

const depthMax = 4;

/** The first field of each oneof; times and durations are left out. */
function exampleOf(message: DescMessage, depth: number): Record<string, unknown> {
  const first = new Set(message.oneofs.map((oneof) => oneof.fields[0]));
  const fields = message.fields.filter((field) => field.oneof === undefined || first.has(field));
  const shown = fields.filter((field) => !field.message?.typeName.startsWith('google.protobuf.'));
  return Object.fromEntries(shown.map((field) => [field.jsonName, exampleValue(field, depth)]));
}

function exampleValue(field: DescField, depth: number): unknown {
  const known = fieldExamples[field.jsonName];
  if (known !== undefined) return known;
  if (field.fieldKind === 'list') return [];
  if (field.fieldKind === 'map') return {};
  if (field.message !== undefined) return depth < depthMax ? exampleOf(field.message, depth + 1) : {};
  if (field.enum !== undefined) return (field.enum.values[1] ?? field.enum.values[0])?.name;
  if (field.scalar === ScalarType.BOOL) return false;
  return field.scalar === ScalarType.STRING ? '' : 0;
}
