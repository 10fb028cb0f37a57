import { describe, expect, it } from 'vitest';
import { commandOf, type Press, type PressContext } from './keymap.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  ...more,
});
const context = (more: Partial<PressContext> = {}): PressContext => ({
  inField: false,
  afterG: false,
  singleKeys: true,
  ...more,
});

describe('commandOf', () => {
  it('has single letters outside of fields only', () => {
    expect(commandOf(press('b'), context())).toBe('buy');
    expect(commandOf(press('b'), context({ inField: true }))).toBe(undefined);
    expect(commandOf(press('b'), context({ singleKeys: false }))).toBe(undefined);
  });

  it('does nothing while a key is held', () => {
    expect(commandOf(press('s', { repeat: true }), context())).toBe(undefined);
  });

  it('leaves the shortcuts of the browser alone', () => {
    for (const key of ['b', 's', 'w', 'g', '/'])
      expect(commandOf(press(key, { ctrlKey: true }), context())).toBe(undefined);
  });

  it('goes to a screen by g and a letter', () => {
    expect(commandOf(press('g'), context())).toBe('prefix');
    expect(commandOf(press('p'), context({ afterG: true }))).toBe('go portfolio');
    expect(commandOf(press('b'), context({ afterG: true }))).toBe(undefined);
  });

  it('has regions and the palette in fields too, also without single letters', () => {
    const inField = context({ inField: true, singleKeys: false });
    expect(commandOf(press('F6', { shiftKey: true }), inField)).toBe('previous region');
    expect(commandOf(press('k', { metaKey: true }), inField)).toBe('palette');
  });
});
