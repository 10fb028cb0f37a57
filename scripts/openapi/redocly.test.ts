import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { beforeAll, describe, expect, it } from 'vitest';

const text = readFileSync(new URL('../../gen/openapi.json', import.meta.url), 'utf8');

type Document = {
  info: { license?: object };
  paths: Record<
    string,
    { post: { operationId: string; requestBody: { content: Record<string, { example: object }> } } }
  >;
};

let config: Awaited<ReturnType<typeof createConfig>>;
beforeAll(async () => {
  config = await createConfig({ extends: ['recommended'] });
});

/** What Redocly's recommended rules find, errors and warnings alike. */
async function problemsOf(source: string): Promise<string[]> {
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`);
}

describe('Redocly, by its recommended rules,', () => {
  it('finds neither an error nor a warning in gen/openapi.json', async () => {
    expect(await problemsOf(text)).toEqual([]);
  });

  it('finds what is wrong in one that is not right', async () => {
    const document = JSON.parse(text) as Document;
    const { post } = document.paths['/outcry.order.v1.OrderService/PlaceOrder'] ?? {};
    if (post === undefined) throw new Error('PlaceOrder is not described');
    delete document.info.license;
    post.operationId = 'place order';
    Object.assign(post.requestBody.content['application/json']?.example ?? {}, { misspelt: true });
    const rules = (await problemsOf(JSON.stringify(document))).map((problem) => problem.split(':')[0]);
    expect(rules.toSorted()).toEqual([
      'info-license',
      'no-invalid-media-type-examples',
      'operation-operationId-url-safe',
    ]);
  });
});
