import { describe, expect, it } from 'vitest';
import {
  emailProblem,
  houseNameProblem,
  nameProblem,
  newPasswordProblem,
  normaliseEmail,
  passwordFormProblem,
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

describe('newPasswordProblem', () => {
  const ada = { email: 'ada.king@example.com', displayName: 'Ada Lovelace' };

  it('takes ten characters and more', () => {
    expect(newPasswordProblem('correct-ho', ada)).toBeUndefined();
    expect(newPasswordProblem('correct horse 7 battery', ada)).toBeUndefined();
  });

  it('refuses short ones, e-mail addresses, well-known phrases and what is made of the own name', () => {
    for (const password of ['123456789', '😀😀😀😀😀', 'ADA@example.com', ' bob@mail.example.org ']) {
      expect(newPasswordProblem(password, ada), password).toBeDefined();
    }
    for (const password of ['AdaExample1', 'lovelace-1815', 'Ada.King!2024', 'king@ADA#1']) {
      expect(newPasswordProblem(password, ada), password).toBeDefined();
    }
    expect(newPasswordProblem('ada likes looms', ada)).toBeUndefined();
    for (const password of ['correct horse battery staple', 'CorrectHorseBatteryStaple', 'To be, or not to be!']) {
      expect(newPasswordProblem(password, ada), password).toBeDefined();
    }
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

  it('refuses characters that are not seen or turn the text around', () => {
    const hidden = [
      'Ada\u202e', // RIGHT-TO-LEFT OVERRIDE
      '\u2066Ada\u2069', // isolates
      'Ada\u200bLovelace', // ZERO WIDTH SPACE
      'Ada\u00adLovelace', // SOFT HYPHEN
      '\ufeffAda', // byte order mark
      'Ada\u2028Lovelace',
      'Ada\u{e0041}', // tag
      'Ada\ud800', // half a surrogate pair
      'Ada\ue000', // private use
      'Ada\u200d', // a joiner that joins nothing
      '\u200cAda',
      'a \u200c b',
      '\u3164', // HANGUL FILLER: a letter that is blank
    ];
    for (const name of hidden) expect(nameProblem(name), JSON.stringify(name)).toBeDefined();
  });

  it('takes names of any script, and joiners where they shape the text', () => {
    const names = [
      'Ada',
      'محمد',
      'שרה לוי',
      'می\u200cخواهم',
      'क्\u200dष',
      '👩\u200d💻 Ada',
      '李小龍',
      "O'Brien-Smith",
      'Ñandú',
      '👨🏽\u200d🚀',
    ];
    for (const name of names) expect(nameProblem(name), name).toBeUndefined();
  });
});

describe('houseNameProblem', () => {
  it('holds to its alphabet', () => {
    expect(houseNameProblem('maker-1')).toBeUndefined();
    expect(houseNameProblem('Maker')).toBeDefined();
  });
});
