import type { Duration } from '@bufbuild/protobuf/wkt';
import type { ResumeInstrumentRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { MarketDeps } from '../deps.ts';
import { auctionEndOf } from '../domain/auction-end.ts';
import { planDay } from '../domain/day-plan.ts';
import { driveBook } from '../jobs/drive-book.ts';
import { saveStateCommand } from '../store/save-state-command.ts';
import { readTradingDay, saveResumption } from '../store/trading-day.ts';
import { keyReused } from './messages/command-error.ts';
import { durationMs } from './messages/duration-message.ts';
import { instrumentOf } from './messages/instrument-message.ts';
import { commandedState } from './messages/interruption-message.ts';
import { phaseOf, stateOfStep } from './messages/session-messages.ts';
import { calendarOfInstrument, requireInstrument } from './request-fields.ts';

const auctionMsMax = 3_600_000;

/** Ends a halt: the book returns to the state of its calendar, if asked through an auction. A repeat answers the state of the first time. */
export async function resumeInstrument(deps: MarketDeps, request: ResumeInstrumentRequest, { signal }: CallContext) {
  const key = readKey(request.idempotencyKey);
  const auctionMs = readAuction(request.auctionDuration);
  const terms = requireInstrument(deps.catalogue, request.symbol);
  const calendar = calendarOfInstrument(terms);
  const { symbol } = terms;
  const stored = await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const reopenTimeMs = auctionMs > 0 ? Math.floor(nowMs) + auctionMs : undefined;
    const record = { ...(await readTradingDay(tx, symbol)), haltKey: undefined, reopenTimeMs };
    const state = stateOfStep(planDay({ symbol, calendar, record, nowMs }).target.phase);
    const command = await saveStateCommand(tx, { key, symbol, state, auctionMs });
    if (command.isNew) await saveResumption(tx, symbol, reopenTimeMs);
    return command.stored;
  });
  const isSame = stored.state !== TradingState.HALTED && (stored.auctionMs ?? 0) === auctionMs;
  if (stored.symbol !== symbol || !isSame) throw keyReused();
  await driveBook(deps, { symbol, calendar, signal });
  const record = await readTradingDay(deps.db, symbol);
  const endMs = auctionEndOf({ symbol, calendar, record, nowMs: deps.clock.nowMs() }, phaseOf(stored.state));
  return { instrument: instrumentOf(terms, { ...deps.view.get(symbol), ...commandedState(stored.state, endMs) }) };
}

function readAuction(duration: Duration | undefined): number {
  const ms = durationMs(duration);
  if (Number.isInteger(ms) && ms >= 0 && ms <= auctionMsMax) return ms;
  throw invalidArgument('auction_duration', 'must be 0 to 3600 seconds, in whole milliseconds');
}
