/** The instruments of a market. */
import { PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Steps } from './format/read-tape.ts';
import type { Call } from './session.ts';

type InstrumentJson = { symbol: string; tickSize: string; lotSize: string };

const pageSize = 200;

/** The steps of each instrument's prices and quantities, by symbol. */
export async function listSteps(call: Call): Promise<Map<string, Steps>> {
  const steps = new Map<string, Steps>();
  let pageToken = '';
  do {
    const page = await call('outcry.market.v1.MarketService/ListInstruments', { pageSize, pageToken });
    for (const { symbol, tickSize, lotSize } of (page.instruments ?? []) as InstrumentJson[]) {
      steps.set(symbol, { tick: parseDecimal(tickSize, PRICE_SCALE), lot: parseDecimal(lotSize, QUANTITY_SCALE) });
    }
    pageToken = String(page.nextPageToken ?? '');
  } while (pageToken !== '');
  return steps;
}
