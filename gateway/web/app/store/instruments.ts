/** Instruments by symbol, read again from time to time, as new ones are listed. */
import { signal } from '@preact/signals';
import type { Instrument } from '#gen/outcry/market/v1/market_pb.ts';
import { placesOf } from '../figures/decimal.ts';
import { market } from '../rpc/clients.ts';
import { rest } from '../rpc/rest.ts';

const readEveryMs = 300_000;
const retryEveryMs = 3_000;
const pagesMax = 25;
const pageSize = 200;

/** All instruments, by symbol; empty until they are read. */
export const instruments = signal<ReadonlyMap<string, Instrument>>(new Map());

/** Reads all instruments now, at most 5,000. Rejects where that fails. */
export async function loadInstruments(): Promise<void> {
  const found = new Map<string, Instrument>();
  let pageToken = '';
  for (let page = 0; page < pagesMax; page++) {
    const answer = await market.listInstruments({ pageSize, pageToken });
    for (const instrument of answer.instruments) found.set(instrument.symbol, instrument);
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  instruments.value = found;
}

/** Reads all instruments until the signal aborts: every 5 min, and 3 s after an attempt that failed. */
export async function followInstruments(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const isRead = await loadInstruments().then(
      () => true,
      () => false,
    );
    await rest(isRead ? readEveryMs : retryEveryMs, signal);
  }
}

/** Places of prices and quantities of a symbol, by its tick and its lot. */
export function placesFor(symbol: string): { price: number; quantity: number; average: number } {
  const instrument = instruments.value.get(symbol);
  const price = instrument === undefined ? 2 : placesOf(instrument.tickSize);
  return { price, quantity: placesOf(instrument?.lotSize ?? '1'), average: Math.min(6, price + 2) };
}
