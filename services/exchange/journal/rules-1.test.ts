import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { decodeCommands } from './command-codec.ts';
import { encodeEvents } from './event-encoder.ts';

type StoredGroup = { timeMs: number; commands: string; events: string };

describe('a journal of rule version 1', () => {
  it('leads to the events that an earlier release wrote, byte by byte, and continues under today’s rules', () => {
    const groups: StoredGroup[] = JSON.parse(
      readFileSync(new URL('./testing/rules-1-groups.json', import.meta.url), 'utf8'),
    );
    const engine = new Engine();
    for (const [number, { timeMs, commands, events }] of groups.entries()) {
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
