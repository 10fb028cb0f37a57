import { type Duration, type Timestamp, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { SetClockRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { ClockChangeError, clockSpeedMax } from '#platform/clock/clock-runs.ts';
import { invalidArgument, refused } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { MarketDeps } from '../deps.ts';
import { type ClockMove, moveClock } from '../jobs/move-clock.ts';

const aheadMaxMs = 7 * 86_400_000;
/** Less than what callers wait by default. */
const moveMaxMs = 20_000;
const answerMarginMs = 1_000;

/** Sets the market's clock, for a system that was started with one that can be set. */
export async function setClock(deps: MarketDeps, request: SetClockRequest, { signal, deadlineTimeMs }: CallContext) {
  const { clock } = deps;
  if (!clock.isSettable) {
    throw refused(ErrorReason.CLOCK_NOT_SETTABLE, 'the system was not started with a clock that can be set');
  }
  const move = readMove(request, clock.nowMs());
  const deadlineMs = Math.min(Date.now() + moveMaxMs, deadlineTimeMs - answerMarginMs);
  const arrived = await moveClock(deps, move, { deadlineMs, signal }).catch((error: unknown) => {
    if (!(error instanceof ClockChangeError)) throw error;
    const time = new Date(clock.nowMs()).toISOString();
    throw refused(ErrorReason.CLOCK_NOT_BACK, error.message, { time });
  });
  return { time: timestampFromMs(clock.nowMs()), speed: clock.speed(), arrived };
}

function readMove(request: SetClockRequest, nowMs: number): ClockMove {
  const move: ClockMove = { timeMs: readTime(request, nowMs), speed: readSpeed(request.speed) };
  if (!request.pass) return move;
  if (move.timeMs === undefined) throw invalidArgument('pass', 'needs time or forward');
  if (!move.speed) throw invalidArgument('speed', `must be 1 to ${clockSpeedMax} with pass`);
  return { ...move, isPassed: true };
}

function readTime({ time, forward }: SetClockRequest, nowMs: number): number | undefined {
  if (time !== undefined && forward !== undefined) throw invalidArgument('forward', 'must be unset beside time');
  if (forward !== undefined) return requireNear('forward', nowMs + msOf('forward', forward), nowMs);
  return time === undefined ? undefined : requireNear('time', wholeMs(time), nowMs);
}

function requireNear(field: string, timeMs: number, nowMs: number): number {
  if (timeMs - nowMs <= aheadMaxMs) return timeMs;
  throw invalidArgument(field, 'must be at most 7 days ahead of the clock');
}

function msOf(field: string, { seconds, nanos }: Duration): number {
  const ms = Number(seconds) * 1_000 + Math.floor(nanos / 1_000_000);
  if (ms >= 0) return ms;
  throw invalidArgument(field, 'must not be negative');
}

function wholeMs(time: Timestamp): number {
  return Math.floor(timestampMs(time));
}

function readSpeed(speed: number | undefined): number | undefined {
  if (speed === undefined || (speed >= 0 && speed <= clockSpeedMax)) return speed;
  throw invalidArgument('speed', `must be 0 to ${clockSpeedMax}`);
}
