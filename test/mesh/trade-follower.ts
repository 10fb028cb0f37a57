/** Readers of trades that open their stream again when it ends, and what they saw. */
import { pause } from '#platform/time/pause.ts';
import type { TestClient } from '../support/test-client.ts';

/** What a reader saw: the trades in order, how often it opened its stream, and what went wrong. */
export type Followed = { trades: { id: string; sequence: number }[]; opened: number; gaps: number; failures: string[] };

type Message = {
  epoch?: string;
  sequence?: string;
  trade?: { tradeId: string; symbol: string };
  gap?: object;
  heartbeat?: { resumeToken: string };
  end?: { resumeToken: string };
};

const symbol = 'ACME';
const againMs = 500;

/** Follows the trades of one symbol until the signal aborts. */
export async function followTrades(client: TestClient, signal: AbortSignal): Promise<Followed> {
  const followed: Followed = { trades: [], opened: 0, gaps: 0, failures: [] };
  let resumeToken = '';
  let positions: object[] = [];
  while (!signal.aborted) {
    followed.opened += 1;
    const request = { symbols: [symbol], resumeToken, positions } as never;
    try {
      for await (const message of client.stream('MarketService/StreamTrades', request, { signal })) {
        const { epoch = '', sequence = '0', trade, gap, heartbeat, end } = message as Message;
        if (gap !== undefined) followed.gaps += 1;
        if (trade !== undefined) {
          followed.trades.push({ id: trade.tradeId, sequence: Number(sequence) });
          positions = [{ symbol, epoch, sequence }];
        }
        const token = (heartbeat ?? end)?.resumeToken;
        if (token !== undefined) [resumeToken, positions] = [token, []];
      }
    } catch (error) {
      followed.failures.push(String(error));
      await pause(againMs, signal);
    }
  }
  return followed;
}

/** Trades that a reader missed or saw twice, between the first and the last that it saw, by what all readers saw together. */
export function findLostTrades(all: readonly Followed[]): string[] {
  const sequences = new Map(all.flatMap(({ trades }) => trades.map(({ id, sequence }) => [id, sequence] as const)));
  return all.flatMap(({ trades }, reader) => {
    const seen = new Set(trades.map(({ id }) => id));
    const [first, last] = [trades[0]?.sequence ?? 0, trades.at(-1)?.sequence ?? 0];
    const missed = [...sequences].filter(([id, sequence]) => sequence > first && sequence < last && !seen.has(id));
    const twice = trades.length - seen.size;
    return [
      ...missed.map(([id]) => `reader ${reader} has missed ${id}`),
      ...(twice > 0 ? [`reader ${reader} saw ${twice} trades twice`] : []),
    ];
  });
}
