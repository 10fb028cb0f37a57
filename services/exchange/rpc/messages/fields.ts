/** Checks of single fields. Each is a triple: whether it holds, the field's name, and the rule for the error message. */
import { invalidArguments } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { quantityMax, type Reason } from '../../engine/model/codes.ts';

/** A field that breaks a rule; `reason` is INVALID_FIELD unless given. */
export type Violation = { field: string; description: string; reason?: Reason };

/** Whether the rule holds, the field's name, and the rule. */
export type FieldCheck = readonly [holds: boolean, field: string, rule: string];

const symbolPattern = /^[A-Z0-9.]{1,12}$/;
const namePattern = /^[\x21-\x7e]{1,64}$/;

/** The first check that does not hold. */
export function firstViolation(checks: readonly FieldCheck[]): Violation | undefined {
  const failed = checks.find(([holds]) => !holds);
  return failed && { field: failed[1], description: failed[2] };
}

/** Throws INVALID_ARGUMENT for the first check that does not hold. */
export function requireFields(checks: readonly FieldCheck[]): void {
  const violation = firstViolation(checks);
  if (violation) throw invalidArguments([violation]);
}

/** An order id: a UUIDv7, which carries its creation time. */
export function isOrderId(text: string): FieldCheck {
  return [isUuidV7(text), 'order_id', 'must be a UUID version 7 in lower case'];
}

/** A symbol. */
export function isSymbol(text: string): FieldCheck {
  return [symbolPattern.test(text), 'symbol', 'must be 1 to 12 characters of A-Z, 0-9 and the dot'];
}

/** An account id. */
export function isAccount(text: string): FieldCheck {
  return [namePattern.test(text), 'account_id', 'must be 1 to 64 printable characters without spaces'];
}

/** A command id. */
export function isCommandId(text: string): FieldCheck {
  return [namePattern.test(text), 'command_id', 'must be 1 to 64 printable characters without spaces'];
}

/** A self-trade group; may be empty. */
export function isGroup(text: string): FieldCheck {
  const holds = text === '' || namePattern.test(text);
  return [holds, 'self_trade_group', 'must be at most 64 printable characters without spaces'];
}

/** A session for cancel on disconnect; may be empty if allowed. */
export function isSession(text: string, mayBeEmpty = false): FieldCheck {
  const holds = (mayBeEmpty && text === '') || namePattern.test(text);
  return [holds, 'session_id', 'must be 1 to 64 printable characters without spaces'];
}

/** A price in ticks or a quantity in lots. */
export function isInt32(value: bigint, field: string): FieldCheck {
  return [value >= 1n && value <= BigInt(quantityMax), field, `must be 1 to ${quantityMax}`];
}
