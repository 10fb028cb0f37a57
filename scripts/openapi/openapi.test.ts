import { readFileSync } from 'node:fs';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { publicServices } from '../../gateway/index.ts';

type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  'x-api-key-scope': string;
  parameters?: { name: string; in: string; description: string; schema?: object; content?: object }[];
  requestBody?: { content: Record<string, { example?: object }> };
  responses: Record<string, object>;
};
type Document = {
  info: { license: { name: string; identifier?: string; url?: string } };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, object>>;
};

const text = readFileSync(new URL('../../gen/openapi.json', import.meta.url), 'utf8');
const document: Document = JSON.parse(text);
const paths = Object.entries(document.paths);
const operations = paths.flatMap(([, item]) => Object.values(item));

// The rules that the linters of OpenAPI documents recommend, as far as they can be broken here.
describe('gen/openapi.json', () => {
  it('names its servers, without a slash at the end of an address', () => {
    expect(document.servers.length).toBeGreaterThan(0);
    for (const { url } of document.servers) expect(url === '/' || !url.endsWith('/')).toBe(true);
  });

  it('names its licence', () => {
    const { license } = document.info;
    expect(license.identifier ?? license.url).toMatch(/./);
  });

  it('gives each operation a summary of one line, a description and an id of its own that fits in a URL', () => {
    for (const { operationId, summary, description } of operations) {
      expect(operationId).toMatch(/^[A-Za-z0-9._-]+$/);
      expect(summary).toMatch(/^[^\n]+[^\n.]$/);
      expect(description).toMatch(/./);
    }
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says of each operation how it is answered when it succeeds and when it fails', () => {
    for (const { responses } of operations) {
      expect(Object.keys(responses).toSorted()).toEqual(['200', '4XX', 'default']);
    }
  });

  it('defines and describes the tags and the security that operations name', () => {
    const tags = new Map(document.tags.map(({ name, description }) => [name, description]));
    expect(tags.size).toBe(document.tags.length);
    for (const operation of operations) {
      for (const tag of operation.tags) expect(tags.get(tag)).toMatch(/./);
      expect(operation.security).toBeDefined();
      const schemes = operation.security.flatMap((requirement) => Object.keys(requirement));
      expect(schemes.filter((scheme) => !(scheme in (document.components.securitySchemes ?? {})))).toEqual([]);
    }
  });

  it('has an example of each request, with values in place of variables', () => {
    for (const { requestBody, operationId } of operations) {
      for (const { example } of Object.values(requestBody?.content ?? {})) {
        expect(example, operationId).toBeTypeOf('object');
        expect(JSON.stringify(example), operationId).not.toContain('{{');
      }
    }
  });

  it('says of each operation whether a session or an API key is needed, and which scope', () => {
    const forms = operations.map((operation) => [operation['x-api-key-scope'], operation.security] as const);
    const keys = [{ session: [] }, { apiKey: [] }];
    for (const [scope, security] of forms) {
      if (scope === 'no key may call it') expect(security).toEqual([{ session: [] }]);
      else expect([[], keys]).toContainEqual(security);
    }
    expect(new Set(forms.map(([, security]) => security.length))).toEqual(new Set([0, 1, 2]));
  });

  it('describes the headers of every answer, and an error with its reason from the closed list', () => {
    const headers = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'X-Request-Id'];
    for (const { responses } of operations) {
      expect(Object.keys((responses[200] as { headers: object }).headers).toSorted()).toEqual(headers);
    }
    const failure = document.components.responses?.Failure as { headers: object; content: object };
    expect(Object.keys(failure.headers).toSorted()).toEqual(['Retry-After', ...headers]);
    expect(document.components.schemas).toMatchObject({
      ErrorReason: { enum: expect.arrayContaining(['INVALID_FIELD', 'CASH_INSUFFICIENT', 'RATE_LIMITED']) },
    });
  });

  it('has paths that are not ambiguous, with parameters that are described', () => {
    for (const [path] of paths) expect(path).toMatch(/^\/[A-Za-z0-9.]+\/[A-Za-z]+$/);
    for (const { parameters = [] } of operations) {
      const names = parameters.map(({ name, in: place }) => `${place} ${name}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { description, schema, content } of parameters) {
        expect(description).toMatch(/./);
        expect([schema, content].filter((form) => form !== undefined)).toHaveLength(1);
      }
    }
  });

  it('has no reference without its target, and no component without a reference', () => {
    const referenced = new Set([...text.matchAll(/"\$ref": "#\/components\/([^"]+)"/g)].map(([, name]) => name ?? ''));
    const defined = Object.entries(document.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, components]) => Object.keys(components).map((name) => `${kind}/${name}`));
    expect([...referenced].toSorted()).toEqual(defined.toSorted());
    for (const name of defined) expect(name).toMatch(/^\w+\/[A-Za-z0-9._-]+$/);
  });

  it('has the values of an enumeration in its type', () => {
    for (const [values, type] of enumerations(document)) {
      expect(values.length).toBeGreaterThan(0);
      expect(new Set(values).size).toBe(values.length);
      expect(values.filter((value) => typeof value !== type)).toEqual([]);
    }
  });

  it('has each public RPC: over POST, over GET where nothing changes, and streams framed', () => {
    const methods = publicServices.flatMap((service) => service.methods);
    const expected = methods.map((method) => {
      const isGet = method.methodKind === 'unary' && method.idempotency === Idempotency.NO_SIDE_EFFECTS;
      const contentType = method.methodKind === 'unary' ? 'application/json' : 'application/connect+json';
      return [`/${method.parent.typeName}/${method.name}`, isGet ? ['get', 'post'] : ['post'], contentType];
    });
    const found = paths.map(([path, item]) => [
      path,
      Object.keys(item).toSorted(),
      Object.keys(item.post?.requestBody?.content ?? {})[0],
    ]);
    const byPath = ([a]: unknown[], [b]: unknown[]) => (String(a) < String(b) ? -1 : 1);
    expect(found.toSorted(byPath)).toEqual(expected.toSorted(byPath));
    expect(operations.filter(({ parameters }) => parameters !== undefined).every(hasNoBody)).toBe(true);
  });
});

function hasNoBody({ requestBody, parameters = [] }: Operation): boolean {
  return requestBody === undefined && parameters.some(({ name }) => name === 'message');
}

function enumerations(value: unknown): [values: unknown[], type: unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(enumerations);
  return 'enum' in value && Array.isArray(value.enum)
    ? [[value.enum, 'type' in value ? value.type : undefined], ...inner]
    : inner;
}
