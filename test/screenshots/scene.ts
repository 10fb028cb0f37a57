/** The people of the pictures, and the time that they live in. */
import type { JsonObject } from '@bufbuild/protobuf';
import { pause } from '#platform/time/pause.ts';
import { demoPassword, demoUsers } from '../../supervisor/index.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { type Investor, logIn } from '../support/investor.ts';
import { logInAdmin } from '../support/market.ts';
import type { TestClient } from '../support/test-client.ts';

/** Who takes part, each logged in. */
export type Scene = {
  client: TestClient;
  gatewayUrl: string;
  /** Whose screens are shown. */
  alice: Investor;
  /** Trades in the same books. */
  bob: Investor;
  admin: Investor;
};

/** Something that someone does at a time of the day in New York, such as `09:05`. */
export type Act = { at: string; what: string; run: (scene: Scene) => Promise<unknown> };

const pollMs = 200;

/** Logs them in. */
export async function openScene(client: TestClient, system: RunningSystem): Promise<Scene> {
  const [alice, bob] = await Promise.all(demoUsers.map(({ email }) => logIn(client, email, demoPassword)));
  if (alice === undefined || bob === undefined) throw new Error('there are no demo users');
  return { client, gatewayUrl: system.gatewayUrl, alice, bob, admin: await logInAdmin(client, system) };
}

const wall = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'short' });

/** The market's time in New York, such as `09:05`. */
export async function timeOfDay({ client }: Scene): Promise<string> {
  return wall.format(Date.parse(String((await client.call('MarketService/GetClock', {})).time)));
}

/** Sets how fast the market's time passes. */
export async function passAt({ admin }: Scene, speed: number): Promise<void> {
  await admin.call('MarketAdminService/SetClock', { speed });
}

/** Resolves once it is this time of the day in New York, or later. */
export async function untilTime(scene: Scene, time: string): Promise<void> {
  while ((await timeOfDay(scene)) < time) await pause(pollMs);
}

/** The quote of a symbol, with decimals as the API has them. */
export async function quoteOf({ client }: Scene, symbol: string): Promise<{ bid: number; ask: number }> {
  const { quotes } = (await client.call('MarketService/ListQuotes', { symbols: [symbol] })) as { quotes: JsonObject[] };
  return { bid: Number(quotes[0]?.bidPrice ?? 0), ask: Number(quotes[0]?.askPrice ?? 0) };
}

/** A price so many percent beside the middle of the quote, on a tick of 0.05, which is one of 0.01 too. */
export async function priceBeside(scene: Scene, symbol: string, percent: number): Promise<string> {
  const { bid, ask } = await quoteOf(scene, symbol);
  const price = ((bid + ask) / 2) * (1 + percent / 100);
  return (Math.round(price * 20) / 20).toFixed(2);
}
