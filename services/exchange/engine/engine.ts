/**
 * The engine of one shard: commands in, events out. It maps external ids to keys and stores idempotency records for a day; matching is
 * left to the matching engine inside. The same groups of commands at the same times lead to the same events and the same state hash, on
 * every machine and in every later release that knows the rule version in force.
 */

import { cancel } from './execute/cancel.ts';
import { cancelAll } from './execute/cancel-all.ts';
import { keepAlive, releaseClosed } from './execute/keep-alive.ts';
import { list } from './execute/list.ts';
import { previewSubmit } from './execute/preview-submit.ts';
import { replace } from './execute/replace.ts';
import { setState } from './execute/set-state.ts';
import { split } from './execute/split.ts';
import { submit } from './execute/submit.ts';
import { submitList } from './execute/submit-list.ts';
import { voidOrder } from './execute/void.ts';
import type { Command, Outcome, RulesCommand, SubmitCommand, TimeCommand } from './model/commands.ts';
import { applyEvents } from './state/apply-events.ts';
import { EngineState, forgetExpired, ineffective, outcome } from './state/engine-state.ts';
import { stateHash } from './state/state-hash.ts';

/** The newest rule version of this release; the journal of a new shard begins with it. */
export const ruleVersion = 5;

/** Carries out groups of commands: `beginGroup`, any number of `apply`, then `endGroup` after the events are read. */
export class Engine {
  /** For readers only: event readers, the public book, the hash. */
  readonly state: EngineState;
  /** The commands of the running group that belong in the journal, in order. */
  readonly effective: Command[] = [];
  #timeBefore = 0;

  constructor(state: EngineState = new EngineState()) {
    this.state = state;
  }

  /** When a time command is due next, Unix ms; Infinity: never. */
  get nextDueMs(): number {
    return this.state.matching.nextDueMs;
  }

  /** Begins a group at a time in Unix milliseconds; a time before the last one counts as the last one. */
  beginGroup(timeMs: number): void {
    const { state } = this;
    this.#timeBefore = state.nowMs;
    state.matching.beginGroup(Math.max(state.nowMs, timeMs));
    this.effective.length = 0;
  }

  /** Carries out one command. Throws for programming errors only. */
  apply(command: Command): Outcome {
    const result = dispatch(this.state, command);
    if (result.effective) {
      result.timeMs = this.state.nowMs;
      this.effective.push(command);
      this.state.matching.state.command++;
    }
    return result;
  }

  /** Ends the group and discards its events. A group without effective commands is discarded: its time does not count. */
  endGroup(): void {
    const { state } = this;
    state.sequenceBefore = state.sequence;
    state.appliedEvents = 0;
    state.matching.endGroup();
    if (this.effective.length === 0) state.matching.beginGroup(this.#timeBefore);
    else forgetExpired(state);
  }

  /** How a new order would be answered in a group at `timeMs`, between two groups; changes nothing. */
  preview(command: SubmitCommand, timeMs: number): Outcome {
    this.beginGroup(timeMs);
    const outcome = previewSubmit(this.state, command);
    this.endGroup();
    return outcome;
  }

  /** Hash of the state between groups, 16 hexadecimal digits. */
  stateHash(): string {
    return stateHash(this.state);
  }
}

function dispatch(state: EngineState, command: Command): Outcome {
  switch (command.kind) {
    case 'submit':
      return submit(state, command);
    case 'submitList':
      return submitList(state, command);
    case 'cancel':
      return cancel(state, command);
    case 'replace':
      return replace(state, command);
    case 'cancelAll':
      return cancelAll(state, command);
    case 'void':
      return voidOrder(state, command);
    case 'list':
      return list(state, command);
    case 'setState':
      return setState(state, command);
    case 'keepAlive':
      return keepAlive(state, command);
    case 'split':
      return split(state, command);
    case 'time':
      return runDue(state, command);
    case 'rules':
      return setRules(state, command);
    default:
      return command satisfies never;
  }
}

function runDue(state: EngineState, _command: TimeCommand): Outcome {
  if (state.matching.nextDueMs > state.nowMs) return ineffective(0);
  state.matching.runDue();
  applyEvents(state);
  releaseClosed(state);
  return outcome(state.sequence);
}

function setRules(state: EngineState, { version }: RulesCommand): Outcome {
  if (version > ruleVersion) throw new RangeError(`rule version ${version} is newer than this release`);
  if (version === state.ruleVersion) return ineffective(0);
  state.matching.setRules(version);
  return outcome(state.sequence);
}
