import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { publicServices } from './raw-call.ts';

it('calls every service that is described for people', () => {
  const text = readFileSync(new URL('../../gen/openapi.json', import.meta.url), 'utf8');
  const { tags } = JSON.parse(text) as { tags: { name: string }[] };
  expect(publicServices.map(({ typeName }) => typeName).toSorted()).toEqual(tags.map(({ name }) => name).toSorted());
});
