import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import { none, Reason } from '../../engine/model/codes.ts';
import { parseUuid } from '../../engine/model/uuid.ts';
import { randomTimedCommands } from '../random/random-commands.ts';
import type { TimedCommand } from '../random/random-generator.ts';

/** Runs commands one by one, each Submit of a new id after its preview; the reasons found, or what differed. */
function previewAll(commands: readonly TimedCommand[]): { reasons: Reason[]; difference?: unknown } {
  const engine = new Engine();
  const reasons: Reason[] = [];
  for (const { command, timeMs } of commands) {
    if (command.kind !== 'submit' || isKnown(engine, command.orderId)) {
      runOne(engine, { command, timeMs });
      continue;
    }
    const before = engine.stateHash();
    const { reason, detailA, detailB } = engine.preview(command, timeMs);
    if (engine.stateHash() !== before) return { reasons, difference: { command, changed: true } };
    const submitted = runOne(engine, { command, timeMs });
    const placed = { reason: submitted.reason, detailA: submitted.detailA, detailB: submitted.detailB };
    const preview = { reason, detailA, detailB };
    if (JSON.stringify(preview) !== JSON.stringify(placed))
      return { reasons, difference: { command, preview, placed } };
    reasons.push(reason);
  }
  return { reasons };
}

function isKnown({ state }: Engine, id: string): boolean {
  parseUuid(id, state.uuid);
  return state.records.index.find(state.uuid) !== none;
}

function runOne(engine: Engine, { command, timeMs }: Pick<TimedCommand, 'command' | 'timeMs'>) {
  engine.beginGroup(timeMs);
  const outcome = engine.apply(command);
  engine.endGroup();
  return outcome;
}

describe('a preview', () => {
  it('gives the reason and the numbers that submit gives, in any state of any book, and changes nothing', () => {
    const found = new Set<Reason>();
    fc.assert(
      fc.property(randomTimedCommands(250), (commands) => {
        const { reasons, difference } = previewAll(commands);
        for (const reason of reasons) found.add(reason);
        expect(difference).toBeUndefined();
      }),
      { numRuns: 100 },
    );
    const { NONE, INSTRUMENT_HALTED, PRICE_OUT_OF_BAND, POST_ONLY_WOULD_TRADE, FILL_OR_KILL_UNFILLED } = Reason;
    for (const reason of [NONE, INSTRUMENT_HALTED, PRICE_OUT_OF_BAND, POST_ONLY_WOULD_TRADE, FILL_OR_KILL_UNFILLED]) {
      expect(found).toContain(reason);
    }
  });
});
