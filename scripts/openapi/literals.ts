/** Example bodies with values in place of their variables, for a description that nothing is sent from. */

import { mapTexts } from './map-texts.ts';
import type { ExampleRequest } from './request-bodies.ts';

const exampleId = '01990a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b';

// By the last word of what a variable refers to; an id without one.
const literals: Record<string, string> = {
  email: 'visitor@example.com',
  price: '187.20',
  refreshToken: 'the refresh token of the session',
  adminPassword: 'the password that the start prints',
};

/** The body with its variables filled in. */
export function literalBody({ body }: ExampleRequest): Record<string, unknown> {
  return mapTexts(body, (text) =>
    text.replaceAll(/\{\{([^{}]+)\}\}/g, (_, expression: string) => {
      const [last = ''] = expression.split('.').slice(-1);
      return literals[last] ?? exampleId;
    }),
  );
}
