/** Runs a request collection in Postman's format as Postman does, as far as ours needs it: variables, bearer tokens, scripts. */
import { randomUUID } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { type CollectionAnswer, patience } from './http-collection.ts';

/** The parts of a collection of version 2.1.0 that ours has. */
export type PostmanCollection = {
  info: { name: string; schema: string };
  item: PostmanItem[];
  variable: { key: string; value: string }[];
};

/** One request with its scripts. */
export type PostmanItem = {
  name: string;
  event?: { listen: string; script: { exec: string[] } }[];
  request: {
    method: string;
    header: { key: string; value: string }[];
    auth: { type: string; bearer?: { key: string; value: string }[] };
    body: { mode: string; raw: string };
    url: { raw: string; host: string[]; path: string[] };
  };
};

/** Sends the requests one after the other; `changes` set variables that the collection leaves open. */
export async function runPostmanCollection(
  { item, variable }: PostmanCollection,
  changes: Record<string, string>,
): Promise<CollectionAnswer[]> {
  const variables = new Map(variable.map(({ key, value }) => [key, value]));
  for (const [key, value] of Object.entries(changes)) variables.set(key, value);
  const answers: CollectionAnswer[] = [];
  for (const each of item) answers.push(await runItem(each, variables));
  return answers;
}

async function runItem(
  { event = [], request }: PostmanItem,
  variables: Map<string, string>,
): Promise<CollectionAnswer> {
  const runScripts = (listen: string, answer: unknown) => {
    for (const { script } of event.filter((one) => one.listen === listen)) runScript(script.exec, variables, answer);
  };
  runScripts('prerequest', undefined);
  const fill = (text: string) => fillIn(text, variables);
  const headers = new Headers(patience);
  for (const { key, value } of request.header) headers.set(key, fill(value));
  if (request.auth.type === 'bearer')
    headers.set('authorization', `Bearer ${fill(request.auth.bearer?.[0]?.value ?? '')}`);
  const { method, url, body } = request;
  const response = await fetch(fill(url.raw), { method, headers, body: fill(body.raw) });
  const answer: unknown = await response.json();
  // What a refused call would have answered, nothing refers to.
  if (response.status === 200) runScripts('test', answer);
  return { title: url.path.join('/'), status: response.status, body: answer };
}

function runScript(lines: readonly string[], variables: Map<string, string>, answer: unknown): void {
  const pm = {
    collectionVariables: {
      set(key: string, value: unknown) {
        if (typeof value !== 'string') throw new Error(`there is no value of ${key}`);
        variables.set(key, value);
      },
    },
    variables: { replaceIn: (text: string) => fillIn(text, variables) },
    response: { json: () => answer },
  };
  runInContext(lines.join('\n'), createContext({ pm }));
}

function fillIn(text: string, variables: Map<string, string>): string {
  return text.replaceAll(/\{\{([^{}]+)\}\}/g, (_, name: string) => {
    if (name === '$guid') return randomUUID();
    const value = variables.get(name);
    if (value === undefined) throw new Error(`there is no variable ${name}`);
    return value;
  });
}
