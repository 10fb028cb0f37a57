/** The form of a new instrument. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { InstrumentSchema } from '#gen/outcry/market/v1/market_pb.ts';

/** Text fields of the form. */
export const instrumentFields = [
  { name: 'symbol', label: 'Symbol', hint: '1 to 12 letters, digits, points', maxLength: 12 },
  { name: 'title', label: 'Name', hint: undefined, maxLength: 80 },
  { name: 'sector', label: 'Sector', hint: undefined, maxLength: 40 },
  { name: 'tickSize', label: 'Tick', hint: 'Price step', maxLength: 12 },
  { name: 'lotSize', label: 'Lot', hint: 'Quantity step in shares', maxLength: 12 },
  { name: 'referencePrice', label: 'First price', hint: undefined, maxLength: 22 },
  { name: 'bandPercent', label: 'Band, %', hint: '0: none', maxLength: 6 },
] as const;

/** The texts of the form. */
export type InstrumentDraft = Record<(typeof instrumentFields)[number]['name'] | 'calendar', string>;

/** An empty form with usual steps. */
export const emptyInstrument: InstrumentDraft = {
  symbol: '',
  title: '',
  sector: '',
  tickSize: '0.01',
  lotSize: '1',
  referencePrice: '',
  bandPercent: '10',
  calendar: '24x7',
};

/** The instrument that the form asks for; what is wrong with it is left to the server, which names the field. */
export function instrumentOf(draft: InstrumentDraft): MessageInitShape<typeof InstrumentSchema> {
  const plain = (text: string) => text.trim().replace(',', '.');
  return {
    symbol: draft.symbol.trim().toUpperCase(),
    name: draft.title.trim(),
    sector: draft.sector.trim(),
    tickSize: plain(draft.tickSize),
    lotSize: plain(draft.lotSize),
    referencePrice: plain(draft.referencePrice),
    bandBps: Math.round(Number(plain(draft.bandPercent)) * 100) || 0,
    currency: 'USD',
    calendar: draft.calendar,
  };
}
