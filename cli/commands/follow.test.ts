import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import {
  MarketService,
  type StreamQuotesResponse,
  StreamQuotesResponseSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { CallFailure } from '../call/call-failure.ts';
import type { Api } from '../session/api.ts';
import { follow } from './follow.ts';

/** One subscription: the sequences of its messages, then a failure, an end, or silence until it is left. */
type Subscription = { sequences: number[]; ending: CallFailure | 'end' | 'silence' };

/** An api whose stream is subscribed to once for each of them; then there is only silence. */
function apiOf(subscriptions: Subscription[], timeoutMs: number): { api: Api; left: () => number } {
  let left = 0;
  async function* stream(signal: AbortSignal): AsyncIterable<StreamQuotesResponse> {
    const { sequences, ending } = subscriptions.shift() ?? { sequences: [], ending: 'silence' as const };
    for (const sequence of sequences) yield create(StreamQuotesResponseSchema, { sequence: BigInt(sequence) });
    if (ending instanceof CallFailure) throw ending;
    if (ending === 'silence') await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    if (signal.aborted) left += 1;
  }
  const api = { timeoutMs, stream: (_: unknown, __: unknown, { signal }: { signal: AbortSignal }) => stream(signal) };
  return { api: api as object as Api, left: () => left };
}

function watch(api: Api, enough: number, signal = new AbortController().signal) {
  const seen: number[] = [];
  const take = ({ sequence }: StreamQuotesResponse) => seen.push(Number(sequence)) < enough;
  const followed = follow(api, {
    method: MarketService.method.streamQuotes,
    request: () => ({}),
    take,
    silenceMs: 200,
    signal,
  });
  return { seen, followed };
}

describe('follow', () => {
  it('subscribes again after an end, a failure and silence, until there is enough', async () => {
    const { api, left } = apiOf(
      [
        { sequences: [1, 2], ending: 'end' },
        { sequences: [3], ending: new CallFailure('no-answer', 'reset') },
        { sequences: [4], ending: 'silence' },
        { sequences: [5, 6, 7], ending: 'silence' },
      ],
      60_000,
    );
    const { seen, followed } = watch(api, 6);
    await followed;
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(left()).toBe(1);
  });

  it('rejects when it is refused, and when nothing comes for the time of a call', async () => {
    const refused = apiOf([{ sequences: [1], ending: new CallFailure('refused', 'no') }], 1_000);
    await expect(watch(refused.api, 5).followed).rejects.toMatchObject({ kind: 'refused' });
    await expect(watch(apiOf([], 300).api, 5).followed).rejects.toMatchObject({ kind: 'no-answer' });
  });

  it('ends quietly when the reader has gone', async () => {
    const gone = new AbortController();
    const { followed } = watch(apiOf([], 60_000).api, 5, gone.signal);
    gone.abort();
    await followed;
  });
});
