/** The accounts, cash, shares and books of a run, made through public RPCs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MarketPlace, openMarketPlace } from '../bench/orders/index.ts';
import { createGatewayCall } from '../supervisor/index.ts';
import type { LoadFlags } from './flags.ts';
import type { AdministratorCall } from './target.ts';

/** What a tool works with. */
export type Scene = AsyncDisposable & {
  flags: LoadFlags;
  url: string;
  place: MarketPlace;
  /** Folder for the files of this run. */
  directory: string;
  /** Ids of resting orders of the first trader, which nothing else touches. */
  restingIds: readonly string[];
};

const symbolsEach = 2;
const restingEach = 4;
const prefixBase = 36;
const callersMax = 16;

/** Makes the scene. `restingCount`: orders that the first trader places beforehand, to be cancelled. */
export async function makeScene(
  flags: LoadFlags,
  { url, administrator, restingCount }: { url: string; administrator: AdministratorCall; restingCount: number },
): Promise<Scene> {
  const { users: traders, symbols } = flags;
  // Another for each run on the same system: seconds since its epoch, in capitals and digits.
  const prefix = `L${Math.floor(Date.now() / 1_000)
    .toString(prefixBase)
    .toUpperCase()
    .slice(-6)}X`;
  const place = await openMarketPlace({ gatewayUrl: url, administrator, traders, symbols, symbolsEach, prefix });
  await fillBooks(url, place);
  const restingIds = await placeResting(url, place, restingCount);
  const directory = await mkdtemp(join(tmpdir(), 'outcry-load-'));
  return {
    flags,
    url,
    place,
    directory,
    restingIds,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Writes a JSON file of the run and resolves to its path. */
export async function writeJson({ directory }: Scene, name: string, value: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, JSON.stringify(value), { mode: 0o600 });
  return path;
}

async function fillBooks(url: string, { traders, symbolsOf }: MarketPlace): Promise<void> {
  const orders = traders.flatMap(({ token }, trader) =>
    Array.from({ length: restingEach }, (_, index) => {
      const isBuy = index % 2 === 0;
      const symbols = symbolsOf(trader);
      const symbol = symbols[Math.floor(index / 2) % symbols.length] as string;
      return { token, clientOrderId: `fill-${index}`, terms: restingTerms(symbol, isBuy, (trader % 40) + 1) };
    }),
  );
  await placeAll(url, orders);
}

async function placeResting(url: string, { traders, symbolsOf }: MarketPlace, count: number): Promise<string[]> {
  const [first] = traders;
  const symbol = symbolsOf(0)[0];
  if (!first || symbol === undefined) return [];
  const orders = Array.from({ length: count }, (_, index) => ({
    token: first.token,
    clientOrderId: `rest-${index}`,
    terms: restingTerms(symbol, true, 100 + (index % 100)),
  }));
  return placeAll(url, orders);
}

function restingTerms(symbol: string, isBuy: boolean, ticks: number) {
  const price = (10_000 + (isBuy ? -ticks : ticks)) / 100;
  return {
    symbol,
    side: isBuy ? 'SIDE_BUY' : 'SIDE_SELL',
    type: 'ORDER_TYPE_LIMIT',
    quantity: '5',
    limitPrice: price.toFixed(2),
  };
}

type NewOrder = { token: string; clientOrderId: string; terms: Record<string, unknown> };

async function placeAll(url: string, orders: readonly NewOrder[]): Promise<string[]> {
  const call = createGatewayCall(url, { timeoutMs: 60_000 });
  const ids: string[] = [];
  const queue = [...orders];
  const worker = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { token, ...request } = next;
      const answer = await call('outcry.order.v1.OrderService/PlaceOrder', request, token);
      ids.push(String((answer.order as { orderId?: string } | undefined)?.orderId));
    }
  };
  await Promise.all(Array.from({ length: callersMax }, worker));
  return ids;
}
