/** The request collection in Postman's format, version 2.1.0: the requests of the .http one, with scripts that pass on what they answer. */
import type { DescService } from '@bufbuild/protobuf';
import { textOf } from './comments.ts';
import { mapTexts } from './map-texts.ts';
import { type ExampleRequest, exampleRequests } from './request-bodies.ts';
import { adminPasswordVariable, gatewayAddress, tokenVariables } from './request-examples.ts';

const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const description = `Every public unary RPC of Outcry. The first requests make what the others use: run the collection once, from the top.
\`npm start\` prints the password of its administrator, which the variable ${adminPasswordVariable} takes.`;

/** What a text refers to: a field of the request or of the answer of a named request. */
type Reference = { name: string; part: 'request' | 'response'; path: string };

/** The collection as JSON. */
export function postmanCollection(services: readonly DescService[]): object {
  const requests = exampleRequests(services);
  const references = referencesIn(requests);
  const variables = new Set(references.map(variableOf));
  return {
    info: { name: 'Outcry', description, schema },
    item: requests.map((request) => itemOf(request, references)),
    variable: [
      { key: 'address', value: gatewayAddress },
      { key: adminPasswordVariable, value: '' },
      ...[...variables].sort().map((key) => ({ key, value: '' })),
    ],
  };
}

function itemOf(request: ExampleRequest, references: readonly Reference[]): object {
  const { method, name, token } = request;
  const { body, scripts } = requestWithScripts(request, references);
  const title = name === undefined ? method.name : `${method.name} (${name})`;
  return {
    name: `${method.parent.name}/${title}`,
    ...(scripts.length > 0 && { event: scripts }),
    request: {
      method: 'POST',
      description: textOf(method),
      header: [{ key: 'Content-Type', value: 'application/json' }],
      auth: token === undefined ? { type: 'noauth' } : bearerOf(token),
      body: { mode: 'raw', raw: JSON.stringify(body, undefined, 2), options: { raw: { language: 'json' } } },
      url: {
        raw: `{{address}}/${method.parent.typeName}/${method.name}`,
        host: ['{{address}}'],
        path: [method.parent.typeName, method.name],
      },
    },
  };
}

function bearerOf(token: string): object {
  const value = withVariables(tokenVariables[token] ?? '');
  return { type: 'bearer', bearer: [{ key: 'token', value, type: 'string' }] };
}

/** The body, and the scripts that store what later requests refer to: of the body before it is sent, of the answer after. */
function requestWithScripts({ name, body }: ExampleRequest, references: readonly Reference[]) {
  const own = references.filter((reference) => reference.name === name);
  const sent = own.filter(({ part }) => part === 'request');
  const answered = own.filter(({ part }) => part === 'response');
  const fields = { ...body };
  const before = sent.map((reference) => {
    const text = withVariables(String(body[reference.path] ?? ''));
    fields[reference.path] = `{{${variableOf(reference)}}}`;
    return setVariable(reference, `pm.variables.replaceIn(${JSON.stringify(text)})`);
  });
  const after = answered.map((reference) => setVariable(reference, `pm.response.json().${reference.path}`));
  const scripts = [...scriptOf('prerequest', before), ...scriptOf('test', after)];
  return { body: mapTexts(fields, withVariables), scripts };
}

function setVariable(reference: Reference, value: string): string {
  return `pm.collectionVariables.set(${JSON.stringify(variableOf(reference))}, ${value});`;
}

function scriptOf(listen: 'prerequest' | 'test', exec: string[]): object[] {
  return exec.length === 0 ? [] : [{ listen, script: { type: 'text/javascript', exec } }];
}

const referencePattern = /\{\{(\w+)\.(request|response)\.body\.\$\.([^{}]+)\}\}/g;

function referencesIn(requests: readonly ExampleRequest[]): Reference[] {
  const text = JSON.stringify([requests.map(({ body }) => body), tokenVariables]);
  const found = [...text.matchAll(referencePattern)].map(([, name = '', part, path = '']) => ({
    name,
    part: part === 'request' ? ('request' as const) : ('response' as const),
    path,
  }));
  return [...new Map(found.map((reference) => [variableOf(reference), reference])).values()];
}

function variableOf({ name, part, path }: Reference): string {
  const words = [name, ...(part === 'request' ? ['sent'] : []), ...path.split(/[.[\]]+/)];
  return words.filter((word) => word !== '').join('_');
}

/** The text with this format's variables in place of the references of the .http format. */
function withVariables(text: string): string {
  return text.replaceAll(referencePattern, (_, name: string, part: 'request' | 'response', path: string) => {
    return `{{${variableOf({ name, part, path })}}}`;
  });
}
