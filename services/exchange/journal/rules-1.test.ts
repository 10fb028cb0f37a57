import { describe, expect, it } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { decodeCommands } from './command-codec.ts';
import { encodeEvents } from './event-encoder.ts';
import { readStoredGroups } from './testing/stored-groups.ts';

describe('a journal of rule version 1', () => {
  it('leads to the events that an earlier release wrote, byte by byte, and continues under today’s rules', () => {
    const engine = new Engine();
    for (const [number, { timeMs, commands, events }] of readStoredGroups(1).entries()) {
      engine.beginGroup(timeMs);
      for (const command of decodeCommands(Buffer.from(commands, 'base64'))) {
        expect(engine.apply(command).effective, `a command of group ${number} has no effect`).toBe(true);
      }
      const encoded = Buffer.from(encodeEvents(engine.state, engine.effective, 0));
      expect(encoded.toString('base64'), `group ${number}`).toBe(events);
      engine.endGroup();
    }
    expect(engine.state.ruleVersion).toBe(1);
    engine.beginGroup(0);
    expect(engine.apply({ kind: 'rules', version: 2 })).toMatchObject({ effective: true });
  });
});
