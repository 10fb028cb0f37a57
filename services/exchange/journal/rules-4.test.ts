import { describe, expect, it } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { decodeCommands } from './command-codec.ts';
import { encodeEvents } from './event-encoder.ts';
import { readStoredGroups } from './testing/stored-groups.ts';

describe('a journal of rule version 4', () => {
  it('leads to the events and the state hashes that an earlier release wrote', () => {
    const engine = new Engine();
    for (const [number, { timeMs, commands, events, stateHash }] of readStoredGroups(4).entries()) {
      engine.beginGroup(timeMs);
      for (const command of decodeCommands(Buffer.from(commands, 'base64'))) {
        expect(engine.apply(command).effective, `a command of group ${number} has no effect`).toBe(true);
      }
      const encoded = Buffer.from(encodeEvents(engine.state, engine.effective, 0));
      expect(encoded.toString('base64'), `group ${number}`).toBe(events);
      engine.endGroup();
      expect(engine.stateHash(), `group ${number}`).toBe(stateHash);
    }
    expect(engine.state.ruleVersion).toBe(4);
  });
});
