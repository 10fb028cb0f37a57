/** Which reads by GET may be stored where, and for how long one answer is given to all. */
import type { DescMethod } from '@bufbuild/protobuf';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { accessRule } from '#platform/auth/access.ts';

/** What applies to the answers of an RPC. */
export type ReadPolicy = {
  /** As a header. What is stored is always asked for again before it is used: a price may change at any moment. */
  cacheControl: string;
  /** How long an answer is given to every caller with the same request, in ms; 0: to none but its own. */
  sharedMs: number;
};

const { listInstruments, getInstrument, listQuotes, getDepth } = MarketService.method;

// Below what a person sees: quotes change several times a second. A stream has each change.
const sharedMs = new Map<DescMethod, number>([
  [listInstruments, 250],
  [getInstrument, 250],
  [listQuotes, 100],
  [getDepth, 100],
]);

const isPublic = new WeakMap<DescMethod, boolean>();

/** The policy of an RPC without side effects. */
export function readPolicyOf(method: DescMethod): ReadPolicy {
  const known = isPublic.get(method) ?? accessRule(method)?.roles.includes(Role.ANONYMOUS) === true;
  isPublic.set(method, known);
  return known
    ? { cacheControl: 'public, no-cache', sharedMs: sharedMs.get(method) ?? 0 }
    : { cacheControl: 'private, no-cache', sharedMs: 0 };
}
