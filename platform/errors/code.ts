/** The canonical gRPC status codes; the numbers are those of the wire. */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** One of the canonical gRPC status codes. */
export type Code = (typeof Code)[keyof typeof Code];

const names = Object.fromEntries(Object.entries(Code).map(([name, code]) => [code, name]));

/** The name of a status code, `UNKNOWN` for a number that is none. */
export function codeName(code: number): string {
  return names[code] ?? 'UNKNOWN';
}

/** The code that a number on the wire stands for; `Code.UNKNOWN` when it stands for none. */
export function codeFromNumber(value: number): Code {
  return value in names ? (value as Code) : Code.UNKNOWN;
}
