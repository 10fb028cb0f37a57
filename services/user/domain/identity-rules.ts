/** What may be an e-mail address, a password and a name. Each check answers what is wrong, or undefined. */

const emailLengthMax = 254;
const passwordLengthMin = 10;
const passwordLengthMax = 256;
const nameLengthMax = 80;
// Visible ASCII without what a mail header gives a meaning; delivery is the only real test of an address.
const emailPattern = /^[^\s@<>()[\]{},;:"\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

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

/** A new password that is too easily guessed. */
export function passwordStrengthProblem(password: string, email: string): string | undefined {
  if ([...password].length < passwordLengthMin) return `must have at least ${passwordLengthMin} characters`;
  if (new Set(password).size < 3) return 'must have more than two different characters';
  return normaliseEmail(password) === email ? 'must not be the e-mail address' : undefined;
}

/** The name without space around it. */
export function normaliseName(text: string): string {
  return text.trim();
}

/** Checks a normalised name. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is required';
  if ([...name].length > nameLengthMax) return `must have at most ${nameLengthMax} characters`;
  return controlCharacters.test(name) ? 'must not have control characters' : undefined;
}

/** Checks the name of a house account. */
export function houseNameProblem(name: string): string | undefined {
  return /^[a-z0-9-]{1,32}$/.test(name) ? undefined : 'must have 1 to 32 characters of [a-z0-9-]';
}
