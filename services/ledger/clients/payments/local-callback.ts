/** The callbacks of the local provider: JSON, signed as `signature.ts` says. */
import { CENT_SCALE, formatDecimal, parseDecimal } from '#platform/money/decimal.ts';
import type { PaymentDirection, PaymentState } from '../../domain/payment.ts';
import { CallbackRefusedError, type PaymentCallback, type RawCallback } from './payment-provider.ts';
import { signatureHeader, signBody, verifySignature } from './signature.ts';

const states: readonly PaymentState[] = ['pending', 'completed', 'failed', 'refused'];
const directions: readonly PaymentDirection[] = ['in', 'out'];

/** The callback as it is sent. */
export function signLocalCallback(
  { eventId, payment }: PaymentCallback,
  { secret, nowMs }: { secret: string; nowMs: number },
): RawCallback {
  const { paymentId: id, key: reference, direction, currency, state } = payment;
  const amount = formatDecimal(payment.amountCents, CENT_SCALE, CENT_SCALE);
  const body = Buffer.from(
    JSON.stringify({ id: eventId, payment: { id, reference, direction, amount, currency, state } }),
  );
  return {
    headers: { 'content-type': 'application/json', [signatureHeader]: signBody(body, secret, nowMs) },
    body,
  };
}

/** What a callback says. Throws CallbackRefusedError. */
export function readLocalCallback(
  { headers, body }: RawCallback,
  options: { secrets: readonly string[]; nowMs: number },
): PaymentCallback {
  verifySignature(headers[signatureHeader], body, options);
  try {
    const event: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    const { id: eventId, payment } = fieldsOf(event);
    const { id, reference, direction, amount, currency, state } = fieldsOf(payment);
    return {
      eventId: text(eventId),
      payment: {
        key: text(reference),
        paymentId: text(id),
        direction: oneOf(directions, direction),
        amountCents: parseDecimal(text(amount), CENT_SCALE),
        currency: text(currency),
        state: oneOf(states, state),
      },
    };
  } catch {
    throw new CallbackRefusedError('malformed');
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object');
  return value as Record<string, unknown>;
}

function text(value: unknown): string {
  if (typeof value === 'string' && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(value)) return value;
  throw new TypeError('not a text of 1 to 200 characters');
}

function oneOf<O extends string>(options: readonly O[], value: unknown): O {
  const found = options.find((option) => option === value);
  if (found === undefined) throw new TypeError('not one of the words');
  return found;
}
