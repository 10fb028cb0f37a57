import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { StreamPositionsRequest, StreamPositionsResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { cancelled, deadlineExceeded, invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { pause } from '#platform/time/pause.ts';
import type { PortfolioDeps } from '../deps.ts';
import { readLedgerPosition } from '../store/ledger-position.ts';
import { snapshotAssets } from '../store/snapshot-assets.ts';

const assetsPerMessage = 500;
const pollMs = 50;

/** Waits until the ledger's feed is applied up to the requested sequence, then sends one snapshot; cash is asset `USD`. */
export async function* streamPositions(
  deps: PortfolioDeps,
  { minLedgerSequence }: StreamPositionsRequest,
  context: CallContext,
): AsyncGenerator<MessageInitShape<typeof StreamPositionsResponseSchema>> {
  if (minLedgerSequence < 0n) throw invalidArgument('min_ledger_sequence', 'must not be negative');
  const { signal } = context;
  await waitForPosition(deps, minLedgerSequence, context);
  for await (const { sequence, assets } of snapshotAssets(deps.db, assetsPerMessage)) {
    if (signal.aborted) throw cancelled();
    yield { ledgerSequence: sequence, assets };
  }
}

async function waitForPosition(
  { db, times, nowMs }: PortfolioDeps,
  sequence: bigint,
  { signal, deadlineTimeMs }: CallContext,
): Promise<void> {
  const endTimeMs = Math.min(nowMs() + times.snapshotWaitMs, deadlineTimeMs);
  while ((await readLedgerPosition(db)) < sequence) {
    if (signal.aborted) throw cancelled();
    if (nowMs() >= endTimeMs) {
      const message = 'the ledger feed has not been applied that far yet';
      throw deadlineExceeded(ErrorReason.DEADLINE_EXPIRED, message);
    }
    await pause(pollMs, signal);
  }
}
