/** How hard a new password is to guess, as zxcvbn estimates it. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { canonicalPassword, newPasswordProblem, type PasswordOwner, wordsOfOwner } from '../domain/identity-rules.ts';

// Of 0 to 4; 3 means that about 10^8 guesses or more are needed.
const passwordScoreMin = 3;

// The estimate takes some milliseconds of the event loop: about 4 for this many characters, at worst some tens. What lies beyond
// is not looked at; substitutions such as 4 for a are tried up to the library's own measure of effort.
const ratedCharactersMax = 40;
const substitutionsMax = 20;
// Words of a calendar and of this trade, which the common dictionaries lack.
const calendar = 'january february march april may june july august september october november december'.split(' ');
const days = 'monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter'.split(' ');
const trade = 'outcry broker brokerage company exchange investor market stock trader trading'.split(' ');

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...dictionary, context: [...calendar, ...days, ...trade] },
  graphs: adjacencyGraphs,
  maxLength: ratedCharactersMax,
  l33tMaxSubstitutions: substitutionsMax,
});

/**
 * Why a new password is refused; undefined when it is good enough. It must have ten characters or more, be no e-mail address and
 * no well-known phrase, not be made of its owner's address and name, and its first 40 characters must score 3 of 4: leaked
 * passwords, names, dates, keyboard rows and repeats count little.
 */
export function passwordStrengthProblem(password: string, owner: PasswordOwner): string | undefined {
  const canonical = canonicalPassword(password);
  const problem = newPasswordProblem(canonical, owner);
  if (problem !== undefined) return problem;
  const { score } = zxcvbn.check(canonical, wordsOfOwner(owner));
  return score < passwordScoreMin
    ? 'is too easily guessed; several words that do not belong together are better'
    : undefined;
}
