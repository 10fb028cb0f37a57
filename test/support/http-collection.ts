/** Reads and runs a request collection in the .http format of editors, as far as ours needs it. */
import { randomUUID } from 'node:crypto';

/** One request as it stands in the file. */
export type CollectionRequest = {
  title: string;
  name: string | undefined;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
};

/** The file in its parts. */
export type HttpCollection = { variables: Map<string, string>; requests: CollectionRequest[] };

/** How long the runs wait for an answer: an audit may take longer than a call without a deadline has. */
export const patience = { 'connect-timeout-ms': '60000' };

/** How a request went. */
export type CollectionAnswer = { title: string; status: number; body: unknown };

/** Reads a collection. Throws for a part that is no request. */
export function readCollection(text: string): HttpCollection {
  const [head = '', ...parts] = text.split(/^### /m);
  const variables = new Map(
    [...head.matchAll(/^@(\w+) =[ ]?(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const),
  );
  return { variables, requests: parts.map(readRequest) };
}

/** Sends the requests one after the other; `changes` set variables that the file leaves open. */
export async function runCollection(
  { variables, requests }: HttpCollection,
  changes: Record<string, string>,
): Promise<CollectionAnswer[]> {
  const known = new Map([...variables, ...Object.entries(changes)]);
  const exchanges = new Map<string, Exchange>();
  const answers: CollectionAnswer[] = [];
  for (const { title, name, method, url, headers, body } of requests) {
    const fill = (text: string) => fillIn(text, known, exchanges);
    const sent = fill(body);
    const filled = Object.entries(headers).map(([header, value]) => [header, fill(value)]);
    const sentHeaders = { ...patience, ...Object.fromEntries(filled) };
    const response = await fetch(fill(url), { method, headers: sentHeaders, body: sent });
    const answer = (await response.json()) as unknown;
    if (name !== undefined) exchanges.set(name, { request: JSON.parse(sent), response: answer });
    answers.push({ title, status: response.status, body: answer });
  }
  return answers;
}

type Exchange = { request: unknown; response: unknown };

function readRequest(part: string): CollectionRequest {
  const [head = '', ...body] = part.split('\n\n');
  const [title = '', ...lines] = head.split('\n');
  const name = lines.find((line) => line.startsWith('# @name '))?.slice('# @name '.length);
  const [first = '', ...headerLines] = lines.filter((line) => !line.startsWith('#'));
  const [, method, url] = /^(GET|POST) (\S+)$/.exec(first) ?? [];
  if (method === undefined || url === undefined) throw new Error(`this is no request: ${first}`);
  const headers = headerLines.map((line) => line.split(/: (.*)/, 2) as [string, string]);
  return { title, name, method, url, headers: Object.fromEntries(headers), body: body.join('\n\n').trim() };
}

function fillIn(text: string, variables: Map<string, string>, exchanges: Map<string, Exchange>): string {
  return text.replaceAll(/\{\{([^{}]+)\}\}/g, (_, expression: string) => {
    if (expression === '$guid') return randomUUID();
    const value = variables.get(expression);
    return value === undefined ? valueIn(expression, exchanges) : fillIn(value, variables, exchanges);
  });
}

/** The value of `NAME.request.body.$.PATH` or `NAME.response.body.$.PATH`. */
function valueIn(expression: string, exchanges: Map<string, Exchange>): string {
  const [, name = '', part = '', path = ''] = /^(\w+)\.(request|response)\.body\.\$\.(.+)$/.exec(expression) ?? [];
  let value: unknown = exchanges.get(name)?.[part as keyof Exchange];
  for (const key of path.split(/[.[\]]+/).filter((step) => step !== '')) {
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  if (typeof value !== 'string') throw new Error(`there is no ${expression}`);
  return value;
}
