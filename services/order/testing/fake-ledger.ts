import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  AmendHoldsResponseSchema,
  type AmendItemSchema,
  GetSharesResponseSchema,
  type HoldItemSchema,
  type HoldResult,
  HoldResultSchema,
  PlaceHoldsResponseSchema,
  PreviewHoldResponseSchema,
} from '#gen/outcry/ledger/v1/internal_pb.ts';
import type { Clients } from '../clients/clients.ts';
import { createFaults, type Faults } from './faults.ts';

type Call = 'placeHolds' | 'previewHold' | 'amendHolds' | 'getShares' | 'releaseHolds';

/** A ledger in memory: holds by order id, with the same outcome for a repeat. */
export type FakeLedger = Pick<Clients, 'ledger'> & {
  faults: Faults<Call>;
  holds: Map<string, 'held' | 'refused' | 'released'>;
  /** All holds that it was asked for. */
  requested: MessageInitShape<typeof HoldItemSchema>[];
  /** The last amendment of each order's hold. */
  amendments: Map<string, MessageInitShape<typeof AmendItemSchema>>;
  /** Whether a hold could be amended that was asked for now: `unsettled` while the ledger waits for the feed, `closed` after the order's end. */
  amends: { state: 'open' | 'unsettled' | 'closed' };
  /** Accounts without cash. */
  poor: Set<string>;
  /** What accounts have of each symbol, in millionths of a share, by account and symbol; none where nothing is said. */
  shares: Map<string, Map<string, { availableMicros: bigint; heldMicros: bigint }>>;
  /** Up to where it has settled the exchange's feed, by shard. */
  positions: Map<number, bigint>;
};

/** A ledger in which every account has enough, but for the `poor`. */
export function createFakeLedger(): FakeLedger {
  const holds: FakeLedger['holds'] = new Map();
  const requested: FakeLedger['requested'] = [];
  const poor = new Set<string>();
  const shares: FakeLedger['shares'] = new Map();
  const positions: FakeLedger['positions'] = new Map();
  const amendments: FakeLedger['amendments'] = new Map();
  const amends: FakeLedger['amends'] = { state: 'open' };
  const faults = createFaults<Call>();

  const amend = (item: MessageInitShape<typeof AmendItemSchema>): HoldResult => {
    const { orderId = '', accountId = '' } = item;
    const reasons = { unsettled: ErrorReason.DEPENDENCY_UNAVAILABLE, closed: ErrorReason.HOLD_CLOSED };
    if (amends.state !== 'open') return create(HoldResultSchema, { orderId, reason: reasons[amends.state] });
    if (poor.has(accountId)) return preview({ accountId });
    amendments.set(orderId, item);
    return create(HoldResultSchema, { orderId, held: true });
  };
  const place = (item: MessageInitShape<typeof HoldItemSchema>): HoldResult => {
    requested.push(item);
    const result = preview(item);
    const { orderId = '' } = item;
    if (!holds.has(orderId)) holds.set(orderId, result.held ? 'held' : 'refused');
    return result;
  };
  const preview = ({ orderId = '', accountId = '' }: MessageInitShape<typeof HoldItemSchema>): HoldResult => {
    const state = holds.get(orderId) ?? (poor.has(accountId) ? 'refused' : 'held');
    const reason = state === 'released' ? ErrorReason.HOLD_CLOSED : ErrorReason.CASH_INSUFFICIENT;
    if (state === 'held') return create(HoldResultSchema, { orderId, held: true });
    const metadata = { needed: '10.00', available: '0.00', held: '0.00', currency: 'USD' };
    return create(HoldResultSchema, { orderId, held: false, reason, metadata });
  };
  return {
    faults,
    holds,
    requested,
    amendments,
    amends,
    poor,
    shares,
    positions,
    ledger: {
      placeHolds: ({ items = [] }) =>
        faults.around('placeHolds', () => create(PlaceHoldsResponseSchema, { results: items.map(place) })),
      previewHold: ({ item, list = [] }) =>
        faults.around('previewHold', () =>
          create(PreviewHoldResponseSchema, { result: preview(item ?? list[0] ?? {}) }),
        ),
      getShares: ({ accountId = '', symbol = '' }) =>
        faults.around('getShares', () => {
          const owned = [...(shares.get(accountId) ?? [])].filter(([one]) => symbol === '' || one === symbol);
          return create(GetSharesResponseSchema, {
            shares: owned.map(([one, of]) => ({ symbol: one, ...of })),
            exchangePositions: Object.fromEntries(positions),
          });
        }),
      amendHolds: ({ items = [] }) =>
        faults.around('amendHolds', () => create(AmendHoldsResponseSchema, { results: items.map(amend) })),
      releaseHolds: ({ orderIds = [] }) =>
        faults.around('releaseHolds', () => {
          for (const orderId of orderIds) holds.set(orderId, 'released');
          return { $typeName: 'outcry.ledger.v1.ReleaseHoldsResponse' as const };
        }),
    },
  };
}
