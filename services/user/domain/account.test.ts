import { describe, expect, it } from 'vitest';
import { decideStateChange, normaliseRoles } from './account.ts';

describe('decideStateChange', () => {
  it('lets an account be frozen, thawed and closed', () => {
    expect(decideStateChange('active', 'frozen')).toBe('change');
    expect(decideStateChange('frozen', 'active')).toBe('change');
    expect(decideStateChange('active', 'closed')).toBe('change');
    expect(decideStateChange('frozen', 'closed')).toBe('change');
  });

  it('finds nothing to do when the state is set already', () => {
    expect(decideStateChange('frozen', 'frozen')).toBe('same');
    expect(decideStateChange('closed', 'closed')).toBe('same');
  });

  it('never opens a closed account again', () => {
    expect(decideStateChange('closed', 'active')).toBe('closed');
    expect(decideStateChange('closed', 'frozen')).toBe('closed');
  });
});

describe('normaliseRoles', () => {
  it('drops repeats and orders what is left', () => {
    expect(normaliseRoles(['admin', 'user', 'admin'])).toEqual(['user', 'admin']);
  });
});
