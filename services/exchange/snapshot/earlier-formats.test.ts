import { describe, expect, it } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { Side, TimeInForce } from '../engine/model/codes.ts';
import { type Command, plainChange } from '../engine/model/commands.ts';
import { captureState } from '../engine/state-image.ts';
import { order, orderId, startMs } from '../engine/testing/driver.ts';
import { decodeCommands } from '../journal/command-codec.ts';
import { readStoredGroups } from '../journal/testing/stored-groups.ts';
import { ImageDecoder } from './decode-image.ts';
import { encodeImage } from './encode-image.ts';
import { readFormat2, readFormat3 } from './testing/earlier-formats.ts';

const keyed = { accountId: 'a', symbol: 'ACME' };

function decode(parts: readonly Uint8Array[], format?: number): Engine {
  const decoder = new ImageDecoder(format);
  for (const part of parts) decoder.add(part);
  return decoder.finish();
}

function partsOf(engine: Engine): Uint8Array[] {
  return [...encodeImage(captureState(engine.state))].filter((part) => part !== undefined);
}

describe('ImageDecoder', () => {
  it('reads format 3, which has the text of command ids', () => {
    const engine = new Engine();
    let repeated: Command | undefined;
    for (const { timeMs, commands } of readStoredGroups(3)) {
      const decoded = decodeCommands(Buffer.from(commands, 'base64'));
      repeated = decoded.find((each) => each.kind === 'cancel' && each.commandId.startsWith('c')) ?? repeated;
      engine.beginGroup(timeMs);
      for (const command of decoded) engine.apply(command);
      engine.endGroup();
    }
    const { stateHash, parts } = readFormat3();
    expect(engine.stateHash()).toBe(stateHash);
    const restored = decode(parts, 3);
    expect(restored.stateHash()).toBe(stateHash);
    expect(decode(partsOf(restored)).stateHash()).toBe(stateHash);
    if (!repeated) throw new Error('no command has an id that is no UUID');
    const outcome = restored.apply(repeated);
    expect(outcome).toEqual(engine.apply(repeated));
    expect(outcome.effective).toBe(false);
  });

  it('reads format 2, whose answers do not know their value and the time of an order', () => {
    const { stateHash, parts } = readFormat2();
    const restored = decode(parts, 2);
    expect(restored.stateHash()).toBe(stateHash);
    restored.beginGroup(startMs + 1);
    const seller = { side: Side.SELL, accountId: 's' } as const;
    const ioc = restored.apply(order(2, { ...seller, timeInForce: TimeInForce.IOC }));
    expect(ioc).toMatchObject({ tradedLots: 4, tradedValue: 0n, timeMs: 0 });
    const terms = { expectedRevision: 1, priceTicks: 96, quantityLots: 10, ...plainChange };
    const replace = { kind: 'replace', commandId: 'raise', orderId: orderId(3), ...keyed, ...terms } as const;
    expect(restored.apply(replace)).toMatchObject({ tradedLots: 3, tradedValue: 0n, timeMs: startMs });
  });
});
