/** Tokens of streams over symbols: epoch and sequence of each, so that any replica, and the gateway, can go on from one. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

/** The last message of a symbol that a reader has. */
export type SymbolPosition = { readonly symbol: string; readonly epoch: string; readonly sequence: bigint };

/** Positions in one token or one request; a stream has as many symbols. */
export const positionsMax = 100;
const tokenLengthMax = 16 * 1024;
const symbolPattern = /^[A-Z0-9.]{1,12}$/;
const epochPattern = /^[\w-]{0,64}$/;
const sequencePattern = /^\d{1,18}$/;

/** A token for at most 100 positions. */
export function writeResumeToken(positions: Iterable<SymbolPosition>): string {
  const byEpoch: Record<string, [symbol: string, sequence: string][]> = {};
  for (const { symbol, epoch, sequence } of positions) {
    byEpoch[epoch] ??= [];
    byEpoch[epoch].push([symbol, String(sequence)]);
  }
  return Buffer.from(JSON.stringify(byEpoch)).toString('base64url');
}

/**
 * The positions of a token, replaced where `newer` has the same symbol; none for an empty token. Throws INVALID_ARGUMENT for a token that no
 * stream has made (PAGE_TOKEN_INVALID), and for positions that are none.
 */
export function readPositions(token: string, newer: readonly SymbolPosition[]): Map<string, SymbolPosition> {
  if (newer.length > positionsMax) throw invalidArgument('positions', `must be at most ${positionsMax}`);
  const positions = new Map(parse(token).map((position) => [position.symbol, position]));
  for (const { symbol, epoch, sequence } of newer) {
    if (!isPosition(symbol, epoch, String(sequence))) throw invalidArgument('positions', 'is no position of a stream');
    positions.set(symbol, { symbol, epoch, sequence });
  }
  return positions;
}

function parse(token: string): SymbolPosition[] {
  if (token === '') return [];
  const positions = token.length > tokenLengthMax ? undefined : positionsOf(decode(token));
  if (positions !== undefined && positions.length <= positionsMax) return positions;
  throw invalidArgument('resume_token', 'was not made by a stream', ErrorReason.PAGE_TOKEN_INVALID);
}

function decode(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function positionsOf(content: unknown): SymbolPosition[] | undefined {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined;
  const positions: SymbolPosition[] = [];
  for (const [epoch, entries] of Object.entries(content)) {
    if (!Array.isArray(entries)) return undefined;
    for (const entry of entries as unknown[]) {
      const [symbol, sequence] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (!isPosition(symbol, epoch, sequence)) return undefined;
      positions.push({ symbol: symbol as string, epoch, sequence: BigInt(sequence as string) });
    }
  }
  return positions;
}

function isPosition(symbol: unknown, epoch: string, sequence: unknown): boolean {
  return (
    typeof symbol === 'string' &&
    symbolPattern.test(symbol) &&
    epochPattern.test(epoch) &&
    typeof sequence === 'string' &&
    sequencePattern.test(sequence)
  );
}
