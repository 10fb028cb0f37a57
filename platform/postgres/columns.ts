/** Array parameters as PostgreSQL writes arrays itself: built without a look at each element, for statements that take hundreds of rows. */

/** An array of values whose text needs no quotes: integers, booleans, UUIDs and words of letters, digits, `-`, `_` and `.`. */
export function plainArray(values: readonly (bigint | number | boolean | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

const special = /["\\]/g;

/** An array of any texts; null for SQL's NULL. A text with a NUL character is refused by the server. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(special, '\\$&')}"`)).join(',')}}`;
}
