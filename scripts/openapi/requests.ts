/** A request collection in the .http format that editors run: an example of each public unary RPC, accepted as it stands. */
import type { DescField, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule } from '#platform/auth/access.ts';
import {
  examples,
  fieldExamples,
  firstExamples,
  lastExamples,
  type RequestExample,
  variables,
} from './request-examples.ts';

const heading = `# Every public unary RPC of Outcry. The first requests make what the others use: run them once, from the top.
`;

/** The collection as text. Throws when an example is of no RPC. */
export function requestCollection(services: DescService[]): string {
  const methods = services.flatMap((service) => service.methods).filter(({ methodKind }) => methodKind === 'unary');
  const byName = new Map(methods.map((method) => [nameOf(method), method]));
  const known = new Map(examples.map((example) => [example.rpc, example]));
  const framing = new Set([...firstExamples, ...lastExamples].map(({ rpc }) => rpc));
  const others = [...byName.keys()].filter((rpc) => !framing.has(rpc)).map((rpc) => known.get(rpc) ?? { rpc });
  const misnamed = [...known.keys(), ...framing].filter((rpc) => !byName.has(rpc));
  if (misnamed.length > 0) throw new Error(`there are examples of RPCs that are not there: ${misnamed.join(', ')}`);
  const requests = [...firstExamples, ...others, ...lastExamples].flatMap((example) => {
    const method = byName.get(example.rpc);
    return method === undefined ? [] : [requestText(method, example)];
  });
  return `${heading}${variables}\n${requests.join('\n')}`;
}

function nameOf(method: DescMethod): string {
  return `${method.parent.name}/${method.name}`;
}

function requestText(method: DescMethod, example: RequestExample): string {
  const path = `${method.parent.typeName}/${method.name}`;
  const token = example.token ?? tokenFor(method);
  const lines = [`### ${path}`];
  if (example.name !== undefined) lines.push(`# @name ${example.name}`);
  lines.push(`POST {{address}}/${path}`, 'Content-Type: application/json');
  if (token !== undefined) lines.push(`Authorization: Bearer {{${token}}}`);
  lines.push('', JSON.stringify(bodyOf(method, example), undefined, 2), '');
  return lines.join('\n');
}

/** The variable with the token of somebody who may call the RPC; undefined where none is needed. */
function tokenFor(method: DescMethod): string | undefined {
  const roles = accessRule(method)?.roles ?? [];
  if (roles.includes(Role.ANONYMOUS)) return undefined;
  return roles.includes(Role.USER) ? 'token' : 'adminToken';
}

function bodyOf(method: DescMethod, { body = {} }: RequestExample): object {
  const fields = { ...exampleOf(method.input, 0), ...body };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

const depthMax = 4;

function exampleOf(message: DescMessage, depth: number): object {
  const first = new Set(message.oneofs.map((oneof) => oneof.fields[0]));
  const fields = message.fields.filter((field) => field.oneof === undefined || first.has(field));
  return Object.fromEntries(fields.map((field) => [field.jsonName, exampleValue(field, depth)]));
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
