import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Item = {
  name: string;
  event?: { listen: string; script: { type: string; exec: string[] } }[];
  request: {
    method: string;
    description: string;
    header: { key: string; value: string }[];
    auth: { type: string; bearer?: { key: string; value: string; type: string }[] };
    body: { mode: string; raw: string; options: object };
    url: { raw: string; host: string[]; path: string[] };
  };
};
type Collection = {
  info: { name: string; description: string; schema: string };
  item: Item[];
  variable: { key: string; value: string }[];
};

const text = readFileSync(new URL('../../gen/requests.postman_collection.json', import.meta.url), 'utf8');
const collection: Collection = JSON.parse(text);
const http = readFileSync(new URL('../../gen/requests.http', import.meta.url), 'utf8');

const variablesIn = (part: unknown) =>
  [...JSON.stringify(part).matchAll(/\{\{([^{}]+)\}\}/g)].map(([, name]) => name ?? '');

// The rules of the published schema of version 2.1.0 that a collection of requests without folders can break.
describe('gen/requests.postman_collection.json', () => {
  it('has the name and the schema by which it is imported', () => {
    expect(Object.keys(collection).toSorted()).toEqual(['info', 'item', 'variable']);
    expect(collection.info.name).toMatch(/./);
    expect(collection.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
  });

  it('has items of the form that the schema asks for', () => {
    for (const { name, event = [], request, ...rest } of collection.item) {
      expect(rest).toEqual({});
      expect(name).toMatch(/./);
      for (const { listen, script } of event) {
        expect(['prerequest', 'test']).toContain(listen);
        expect(script).toEqual({ type: 'text/javascript', exec: expect.arrayContaining([expect.any(String)]) });
      }
      expect(request).toMatchObject({ method: 'POST', body: { mode: 'raw', options: { raw: { language: 'json' } } } });
      expect(request.header).toEqual([{ key: 'Content-Type', value: 'application/json' }]);
      const { auth, url } = request;
      if (auth.type === 'noauth') expect(auth.bearer).toBeUndefined();
      else
        expect(auth).toEqual({ type: 'bearer', bearer: [{ key: 'token', value: expect.any(String), type: 'string' }] });
      expect(url.raw).toBe([...url.host, ...url.path].join('/'));
    }
    const names = collection.item.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has the requests of the collection for editors, in its order, with the same fields', () => {
    const parts = http.split(/^### /m).slice(1);
    expect(collection.item.map(({ request }) => request.url.path.join('/'))).toEqual(
      parts.map((part) => part.slice(0, part.indexOf('\n'))),
    );
    collection.item.forEach(({ request }, index) => {
      const [head = '', body = ''] = (parts[index] ?? '').split('\n\n');
      expect(Object.keys(JSON.parse(request.body.raw))).toEqual(Object.keys(JSON.parse(body)));
      expect(request.auth.type === 'bearer').toBe(head.includes('Authorization: Bearer'));
    });
  });

  it('defines each variable, and sets it in an item before the first that uses it', () => {
    const open = new Set(['address', 'adminPassword', '$guid']);
    const defined = collection.variable.map(({ key }) => key);
    expect(new Set(defined).size).toBe(defined.length);
    const set = new Set(open);
    for (const { request, event = [] } of collection.item) {
      const scripts = (listen: string) => event.filter((one) => one.listen === listen).map(({ script }) => script.exec);
      for (const name of setIn(scripts('prerequest'))) set.add(name);
      expect(variablesIn([request, scripts('prerequest')]).filter((name) => !set.has(name))).toEqual([]);
      for (const name of setIn(scripts('test'))) set.add(name);
    }
    expect([...set, ...open].filter((name) => name !== '$guid' && !defined.includes(name))).toEqual([]);
    expect(defined.filter((name) => !set.has(name))).toEqual([]);
  });
});

function setIn(scripts: readonly string[][]): string[] {
  return scripts.flat().flatMap((line) => {
    const [, name] = /^pm\.collectionVariables\.set\("(\w+)", /.exec(line) ?? [];
    return name === undefined ? [] : [name];
  });
}
