import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { PortfolioInternalService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { cancelled, deadlineExceeded, invalidArgument } from '#platform/errors/outcry-error.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { pause } from '#platform/time/pause.ts';
import type { PortfolioDeps } from '../deps.ts';
import { readLedgerPosition } from '../store/ledger-position.ts';
import { snapshotAssets } from '../store/snapshot-assets.ts';

const assetsPerMessage = 500;
const lookEveryMs = 50;

/** StreamPositions: waits until the feed is followed as far as asked, then sends one snapshot; cash is asset `USD`. */
export function streamPositions(
  deps: PortfolioDeps,
): Implementation<typeof PortfolioInternalService>['streamPositions'] {
  return async function* ({ minLedgerSequence }, { signal, deadlineTimeMs }) {
    if (minLedgerSequence < 0n) throw invalidArgument('min_ledger_sequence', 'must not be negative');
    const untilMs = Math.min(Date.now() + deps.times.snapshotWaitMs, deadlineTimeMs);
    while ((await readLedgerPosition(deps.db)) < minLedgerSequence) {
      if (signal.aborted) throw cancelled();
      if (Date.now() >= untilMs) {
        const message = 'the ledger feed has not been followed that far yet';
        throw deadlineExceeded(ErrorReason.DEADLINE_EXPIRED, message);
      }
      await pause(lookEveryMs, signal);
    }
    for await (const { sequence, assets } of snapshotAssets(deps.db, assetsPerMessage)) {
      if (signal.aborted) throw cancelled();
      yield { ledgerSequence: sequence, assets };
    }
  };
}
