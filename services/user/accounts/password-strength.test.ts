import { describe, expect, it } from 'vitest';
import { passwordStrengthProblem } from './password-strength.ts';

const ada = { email: 'ada.king@example.com', displayName: 'Ada Lovelace' };

describe('passwordStrengthProblem', () => {
  it('takes the passwords of the README, the demo, the tests and the generated ones', () => {
    const good = [
      'correct horse 7 battery',
      'correct horse 7 battery 2',
      'outcry-demo-1',
      'bench trader 7 of the house',
      'the-admin-password',
      'another-password',
      'correct-horse',
      'battery-staple',
      'a-long-password',
      'Admin-Zt3vX0qLm8RkW1dP-1',
      'x7Kq2mZ9pL',
    ];
    for (const password of good) expect(passwordStrengthProblem(password, ada), password).toBeUndefined();
  });

  it('refuses leaked ones, with their usual disguises', () => {
    const leaked = [
      'password1234',
      'P@ssw0rd1234',
      'drowssap1234',
      'passwordpassword',
      'letmein123456',
      'dragonball1',
      'iloveyouforever',
    ];
    for (const password of leaked) expect(passwordStrengthProblem(password, ada), password).toBeDefined();
  });

  it('refuses sequences, repeats, keyboard rows, dates and calendar words', () => {
    const simple = [
      '1234567890',
      'aaaaaaaaaaaa',
      'ababababab',
      'qwertyuiop',
      'qazwsxedcrfv',
      '10.12.1815',
      'January2024!',
      'Summer2025!',
    ];
    for (const password of simple) expect(passwordStrengthProblem(password, ada), password).toBeDefined();
  });

  it('refuses what is made of the own address and name, and any e-mail address', () => {
    const own = [
      'ada.king@example.com',
      'alice@example.com',
      'adalovelace',
      'Lovelace1815',
      'adaking123',
      'example2024',
      'outcry1234',
    ];
    for (const password of own) expect(passwordStrengthProblem(password, ada), password).toBeDefined();
    expect(passwordStrengthProblem('winterfell & 3 dragons', ada)).toBeUndefined();
  });

  it('looks at a bounded part of a long one', () => {
    expect(passwordStrengthProblem(`${'a'.repeat(40)} and then x7Kq2mZ9pL`, ada)).toBeDefined();
  });
});
