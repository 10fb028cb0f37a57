import { describe, expect, it } from 'vitest';
import {
  emailProblem,
  houseNameProblem,
  nameProblem,
  normaliseEmail,
  passwordFormProblem,
  passwordStrengthProblem,
} from './identity-rules.ts';

describe('emailProblem', () => {
  it('takes ordinary addresses in any case', () => {
    for (const text of ['ada@example.com', ' Ada+Trade@Mail.Example.COM ', "o'hara_1@a-b.io"]) {
      expect(emailProblem(normaliseEmail(text))).toBeUndefined();
    }
  });

  it('refuses what is no address or could forge a mail header', () => {
    const bad = ['', 'ada', 'ada@', '@example.com', 'a@b', 'a b@c.de', 'a@b.c\r\nBcc: x@y.z', 'a,b@c.de', '<a@b.de>'];
    for (const text of [...bad, `${'a'.repeat(65)}@b.de`, `a@${'b'.repeat(260)}.de`, 'ä@b.de']) {
      expect(emailProblem(normaliseEmail(text)), text).toBeDefined();
    }
  });
});

describe('passwordStrengthProblem', () => {
  it('takes ten characters that are not all alike', () => {
    expect(passwordStrengthProblem('correct-ho', 'ada@example.com')).toBeUndefined();
  });

  it('refuses short ones, monotone ones and the address itself', () => {
    expect(passwordStrengthProblem('123456789', 'ada@example.com')).toBeDefined();
    expect(passwordStrengthProblem('ababababab', 'ada@example.com')).toBeDefined();
    expect(passwordStrengthProblem('ADA@example.com', 'ada@example.com')).toBeDefined();
  });
});

describe('passwordFormProblem', () => {
  it('bounds what is hashed', () => {
    expect(passwordFormProblem('x'.repeat(256))).toBeUndefined();
    expect(passwordFormProblem('x'.repeat(257))).toBeDefined();
    expect(passwordFormProblem('')).toBeDefined();
  });
});

describe('nameProblem', () => {
  it('counts characters, not code units, and refuses control characters', () => {
    expect(nameProblem('😀'.repeat(80))).toBeUndefined();
    expect(nameProblem('x'.repeat(81))).toBeDefined();
    expect(nameProblem('Ada\nLovelace')).toBeDefined();
    expect(nameProblem('')).toBeDefined();
  });
});

describe('houseNameProblem', () => {
  it('holds to its alphabet', () => {
    expect(houseNameProblem('maker-1')).toBeUndefined();
    expect(houseNameProblem('Maker')).toBeDefined();
  });
});
