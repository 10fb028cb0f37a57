/** What the look-up of a caller costs, alone: a token, an API key, and a key that is bound to networks. */
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { testServiceKeys } from '#platform/testing/service-keys.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';
import type { Report } from '../report/report.ts';

const rounds = 21;
const callsPerRound = 100_000;
const users = 200;
const clientAddress = '127.0.0.1';
const allowedNetworks = ['10.0.0.0/8', '127.0.0.0/8', '::1/128'];

/** Measures each kind in turns, so that what else the machine does falls on all of them, and reports the median of the rounds. */
export async function measureRecall(report: Report): Promise<void> {
  const { recall, kinds } = await createCallers();
  const nanos = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [kind, headers] of Object.entries(kinds)) {
      const startMs = performance.now();
      for (let call = 0; call < callsPerRound; call += 1) recall(headers[call % headers.length] ?? '');
      nanos.get(kind)?.push(((performance.now() - startMs) * 1e6) / callsPerRound);
    }
  }
  for (const [kind, taken] of nanos) {
    const median = taken.sort((a, b) => a - b)[rounds >> 1] ?? 0;
    report.figure({ metric: `recall.${kind}`, value: median, unit: 'ns/call' });
  }
}

/** Callers that were verified once; `recall` throws when one of them is not remembered. */
async function createCallers() {
  const identity = await createTestIdentity();
  const authenticator = createAuthenticator({
    readServiceKeys: testServiceKeys('gateway').readPublic,
    fetchJwks: async () => identity.jwks,
    verifyApiKey: async (apiKey) => ({
      accessToken: await identity.userToken({ key: { keyId: apiKey.slice(0, 15), scopes: ['trade'] } }),
      allowedNetworks: apiKey.startsWith('ok_b') ? allowedNetworks : [],
      callsPerSecondMax: 0,
      expireTimeMs: Number.POSITIVE_INFINITY,
    }),
  });
  const each = (make: (index: number) => string) =>
    Array.from({ length: users }, (_, index) => `Bearer ${make(index)}`);
  const tokens = await Promise.all(Array.from({ length: users }, () => identity.userToken()));
  const digits = (index: number) => String(index).padStart(43, '0');
  const kinds = {
    token: each((index) => tokens[index] ?? ''),
    key: each((index) => `ok_aaaaaaaaaaaa_${digits(index)}`),
    bound_key: each((index) => `ok_bbbbbbbbbbbb_${digits(index)}`),
  };
  for (const authorization of Object.values(kinds).flat()) {
    await authenticator.authenticate({ authorization, clientAddress });
  }
  const recall = (authorization: string) => {
    if (authenticator.recall?.({ authorization, clientAddress }) === undefined)
      throw new Error('a caller was forgotten');
  };
  return { recall, kinds };
}
