/** A request collection in the .http format that editors run: an example of each public unary RPC, accepted as it stands. */
import type { DescService } from '@bufbuild/protobuf';
import { type ExampleRequest, exampleRequests } from './request-bodies.ts';
import { adminPasswordVariable, gatewayAddress, tokenVariables } from './request-examples.ts';

/** The collection as text. Throws when an example is of no RPC. */
export function requestCollection(services: readonly DescService[]): string {
  return `${heading()}\n${exampleRequests(services).map(requestText).join('\n')}`;
}

function heading(): string {
  const tokens = Object.entries(tokenVariables).map(([name, value]) => `@${name} = ${value}`);
  return `# Every public unary RPC of Outcry. The first requests make what the others use: run them once, from the top.
@address = ${gatewayAddress}
${tokens.join('\n')}
# \`npm start\` prints it.
@${adminPasswordVariable} =
`;
}

function requestText({ method, name, token, body }: ExampleRequest): string {
  const path = `${method.parent.typeName}/${method.name}`;
  const lines = [`### ${path}`];
  if (name !== undefined) lines.push(`# @name ${name}`);
  lines.push(`POST {{address}}/${path}`, 'Content-Type: application/json');
  if (token !== undefined) lines.push(`Authorization: Bearer {{${token}}}`);
  lines.push('', JSON.stringify(body, undefined, 2), '');
  return lines.join('\n');
}
