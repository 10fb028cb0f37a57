/** What may be an e-mail address, a password and a name. Each check returns what is wrong, or undefined. */

const emailLengthMax = 254;
const passwordLengthMin = 10;
const passwordLengthMax = 256;
const nameLengthMax = 80;
// What a password must have beside parts of its owner's address and name.
const ownCharactersMin = 5;
// Visible ASCII without what a mail header gives a meaning; delivery is the only real test of an address.
const emailPattern = /^[^\s@<>()[\]{},;:"\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/;
// Control (Cc), format (Cf: bidirectional overrides, zero-width space, soft hyphen, tags) and private-use (Co) characters, half a
// surrogate pair (Cs), line and paragraph separators (Zl, Zp).
const hiddenCharacters = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
// ZERO WIDTH NON-JOINER and JOINER shape Persian and Indic words and join emoji: they are let through between two such characters.
const joinersInside =
  /(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d](?=[\p{L}\p{Extended_Pictographic}])/gu;
const visibleCharacter = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u;
// Phrases that stand in every list of leaked passwords, but are long enough to be rated strong. Letters and digits only.
const leakedPhrases = new Set([
  'correcthorsebatterystaple',
  'iloveyoutothemoonandback',
  'maytheforcebewithyou',
  'onceuponatime',
  'opensesame',
  'thequickbrownfox',
  'thequickbrownfoxjumpsoverthelazydog',
  'tobeornottobe',
  'tobeornottobethatisthequestion',
  'tr0ub4dor3',
]);

/** The address in the form in which it is stored and compared. */
export function normaliseEmail(text: string): string {
  return text.trim().toLowerCase();
}

/** Checks a normalised address. */
export function emailProblem(email: string): string | undefined {
  if (email === '') return 'is required';
  if (email.length > emailLengthMax) return `must have at most ${emailLengthMax} characters`;
  return emailPattern.test(email) && /^[\x21-\x7e]+$/.test(email)
    ? undefined
    : 'must be an address such as ada@example.com';
}

/** A password that is no text we would even hash. */
export function passwordFormProblem(password: string): string | undefined {
  if (password === '') return 'is required';
  return password.length > passwordLengthMax ? `must have at most ${passwordLengthMax} characters` : undefined;
}

/** The password in the form in which it is rated and hashed: the same characters can be typed in several encodings. */
export function canonicalPassword(password: string): string {
  return password.normalize('NFKC');
}

/** Whose password it is: what others know of a person is guessed first. The address is normalised. */
export type PasswordOwner = { email: string; displayName: string };

/** The address, the name and their parts of three characters and more, in lower case. */
export function wordsOfOwner({ email, displayName }: PasswordOwner): string[] {
  const texts = [email, displayName.toLowerCase()];
  return [...texts, ...texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))].filter((word) => word.length > 2);
}

/**
 * A new password that is too short, an e-mail address, a well-known phrase, or little more than the owner's address and name. How
 * hard it is to guess otherwise is rated elsewhere.
 */
export function newPasswordProblem(password: string, owner: PasswordOwner): string | undefined {
  if ([...password].length < passwordLengthMin) return `must have at least ${passwordLengthMin} characters`;
  if (emailProblem(normaliseEmail(password)) === undefined) return 'must not be an e-mail address';
  const plain = password.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (leakedPhrases.has(plain)) return 'is a well-known phrase that stands in lists of leaked passwords';
  const words = wordsOfOwner(owner).toSorted((a, b) => b.length - a.length);
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), plain);
  return rest !== plain && rest.length < ownCharactersMin
    ? 'must not be made of the own e-mail address or name'
    : undefined;
}

/** The name without space around it. */
export function normaliseName(text: string): string {
  return text.trim();
}

/** Checks a normalised name: 1 to 80 characters, none of which is invisible or changes the direction of the text around it. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is required';
  if ([...name].length > nameLengthMax) return `must have at most ${nameLengthMax} characters`;
  if (hiddenCharacters.test(name.replaceAll(joinersInside, '')))
    return 'must not have control or formatting characters';
  return visibleCharacter.test(name) ? undefined : 'must have a visible character';
}

/** Checks the name of a house account. */
export function houseNameProblem(name: string): string | undefined {
  return /^[a-z0-9-]{1,32}$/.test(name) ? undefined : 'must have 1 to 32 characters of [a-z0-9-]';
}
