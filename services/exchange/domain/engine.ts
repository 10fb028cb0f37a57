/**
 * The matching engine of one shard: commands in, events out. It has no clock, no randomness and does no I/O: the same groups of
 * commands at the same times lead to the same events and the same state hash, on every machine and in every later release that
 * knows the rule version in force.
 */
import { cancel, cancelAll, voidOrder } from './cancel.ts';
import type { Command, Outcome } from './commands.ts';
import { EngineState, forgetExpired, ineffective, outcome } from './engine-state.ts';
import { list, setState } from './listing.ts';
import { replace } from './replace.ts';
import { stateHash } from './state-hash.ts';
import { submit } from './submit.ts';

/** The greatest rule version that this release can carry out; the journal of a new shard begins with it. */
export const ruleVersion = 1;

/** Carries out groups of commands: `beginGroup`, any number of `apply`, then `endGroup` once the events are read. */
export class Engine {
  /** For readers beside the engine: event readers, the public book, the hash. They change nothing. */
  readonly state = new EngineState();
  /** The commands of the running group that belong in the journal, in order. */
  readonly effective: Command[] = [];
  #timeBefore = 0;

  /** Begins a group at a time in Unix milliseconds; a time before the last one counts as the last one. */
  beginGroup(timeMs: number): void {
    const { state } = this;
    this.#timeBefore = state.nowMs;
    state.nowMs = Math.max(state.nowMs, timeMs);
    state.command = 0;
    this.effective.length = 0;
  }

  /** Carries out one command at once. Never throws for what a caller can cause. */
  apply(command: Command): Outcome {
    const result = dispatch(this.state, command);
    if (result.effective) {
      this.effective.push(command);
      this.state.command++;
    }
    return result;
  }

  /** Ends the group: its events are gone, its slots may be used again. A group without effective commands never was. */
  endGroup(): void {
    const { state } = this;
    state.sequenceBefore = state.sequence;
    state.events.count = 0;
    if (this.effective.length === 0) state.nowMs = this.#timeBefore;
    else forgetExpired(state);
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
    case 'rules':
      return setRules(state, command.version);
    default:
      return command satisfies never;
  }
}

function setRules(state: EngineState, version: number): Outcome {
  if (version > ruleVersion) throw new RangeError(`rule version ${version} is newer than this release`);
  if (version === state.ruleVersion) return ineffective(0);
  state.ruleVersion = version;
  return outcome(state.sequence);
}
