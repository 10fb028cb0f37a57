/** What lists from the database need, for tests without an exchange. */
import { fixedClock } from '#platform/clock/clock.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { defaultStreamTimes } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../deps.ts';
import { createCatalogue } from '../view/catalogue.ts';
import { createMarketView } from '../view/market-view.ts';
import { uncounted } from '../view/measure-view.ts';

/** The parts of a market without books, on a migrated database. */
export async function openListDeps(db: Database): Promise<MarketDeps> {
  const catalogue = createCatalogue(db);
  await catalogue.load();
  const refuse = () => Promise.reject(new Error('lists do not call the exchange'));
  const exchange = { listSymbol: refuse, setTradingState: refuse };
  const view = createMarketView({ onListed: () => {} });
  const clock = { clock: fixedClock(), clockFile: '' };
  const streams = { streamTimes: defaultStreamTimes, openStreams: new Map(), ...uncounted };
  return { db, catalogue, view, exchange, isBuilt: () => true, ...streams, ...clock };
}
