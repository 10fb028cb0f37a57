/** A request collection in the .http format that editors run: one example for each public unary RPC. */
import type { DescField, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule } from '#platform/auth/access.ts';

const heading = `# Every public unary RPC of Outcry. Run LogIn first: the others take its token.
@address = http://localhost:8080
@token = {{logIn.response.body.tokens.accessToken}}
`;

/** The collection as text. */
export function requestCollection(services: DescService[]): string {
  const requests = services
    .flatMap((service) => service.methods.filter((method) => method.methodKind === 'unary'))
    .map(requestText);
  return `${heading}\n${requests.join('\n')}`;
}

function requestText(method: DescMethod): string {
  const path = `${method.parent.typeName}/${method.name}`;
  const anonymous = accessRule(method)?.roles.includes(Role.ANONYMOUS) ?? false;
  const lines = [`### ${path}`];
  if (method.name === 'LogIn') lines.push('# @name logIn');
  lines.push(`POST {{address}}/${path}`, 'Content-Type: application/json');
  if (!anonymous) lines.push('Authorization: Bearer {{token}}');
  lines.push('', JSON.stringify(exampleOf(method.input, 0), undefined, 2), '');
  return lines.join('\n');
}

const depthMax = 4;

function exampleOf(message: DescMessage, depth: number): object {
  const first = new Set(message.oneofs.map((oneof) => oneof.fields[0]));
  const fields = message.fields.filter((field) => field.oneof === undefined || first.has(field));
  return Object.fromEntries(fields.map((field) => [field.jsonName, exampleValue(field, depth)]));
}

function exampleValue(field: DescField, depth: number): unknown {
  if (field.fieldKind === 'list') return field.scalar === ScalarType.STRING ? [''] : [];
  if (field.fieldKind === 'map') return {};
  if (field.message !== undefined) return depth < depthMax ? exampleOf(field.message, depth + 1) : {};
  if (field.enum !== undefined) return (field.enum.values[1] ?? field.enum.values[0])?.name;
  return exampleText(field);
}

const examples: Record<string, string> = {
  idempotencyKey: '{{$guid}}',
  clientOrderId: '{{$guid}}',
  email: 'alice@example.com',
  quantity: '1',
  amount: '100.00',
  limitPrice: '100.00',
};

function exampleText(field: DescField): unknown {
  if (field.scalar === ScalarType.BOOL) return false;
  if (field.scalar === ScalarType.STRING) return examples[field.jsonName] ?? '';
  return 0;
}
