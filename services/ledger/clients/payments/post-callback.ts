import { timeoutSignal } from '#platform/time/within.ts';
import type { RawCallback } from './payment-provider.ts';

const timeoutMs = 5_000;

/** Posts a callback to an address, as a provider outside does. Rejects unless it is answered with 2xx in 5 s. */
export async function postCallback(url: string, { headers, body }: RawCallback): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    body: Buffer.from(body),
    signal: timeoutSignal(timeoutMs),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the callback was answered with ${answer.status}`);
}
