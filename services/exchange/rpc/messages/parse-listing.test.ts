import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ListingSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import { acme } from '../../testing/requests.ts';
import { parseListing } from './parse-listing.ts';

const breaker = { breakerBps: 500, breakerHaltMs: 5_000, breakerAuctionMs: 86_400_000 };

function fieldOf(terms: object): string | undefined {
  try {
    parseListing(create(ListingSchema, { ...acme, ...terms }));
    return undefined;
  } catch (error) {
    return (error as OutcryError).violations[0]?.field;
  }
}

describe('parseListing', () => {
  it('takes a book with a circuit breaker and one without', () => {
    expect(parseListing(create(ListingSchema, { ...acme, ...breaker }))).toMatchObject(breaker);
    expect(parseListing(create(ListingSchema, acme))).toMatchObject({ breakerBps: 0, breakerHaltMs: 0 });
  });

  it.each([
    ['listing.breaker_bps', { ...breaker, breakerBps: 100_001 }],
    ['listing.breaker_halt_ms', { ...breaker, breakerHaltMs: 0 }],
    ['listing.breaker_halt_ms', { breakerHaltMs: 1 }],
    ['listing.breaker_auction_ms', { ...breaker, breakerAuctionMs: 0 }],
    ['listing.breaker_auction_ms', { ...breaker, breakerAuctionMs: 86_400_001 }],
    ['listing.band_bps', { bandBps: 100_001 }],
    ['listing.reference_price_ticks', { referencePriceTicks: 2n ** 31n }],
    ['listing.reference_price_ticks', { bandBps: 5, referencePriceTicks: 0n }],
    ['listing.currency', { currency: 'usd' }],
  ])('names %s where it is malformed', (field, terms) => {
    expect(fieldOf(terms)).toBe(field);
  });
});
