import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { CallbackRefusedError, type PaymentCallback, type RawCallback } from '../clients/payments/payment-provider.ts';
import { applyPayment } from './apply-payment.ts';
import type { PaymentOptions } from './payment-options.ts';

/** The longest body of a callback, in bytes. */
const callbackBytesMax = 64 * 1024;
const eventIdLengthMax = 200;

/**
 * Takes a callback, once for its event: resolves when the effect is committed, also when that is nothing but a finding. Throws
 * NOT_FOUND for an unknown provider and INVALID_ARGUMENT, without a cause, for what its provider did not sign or signed too long ago.
 */
export async function receiveCallback(options: PaymentOptions, name: string, callback: RawCallback): Promise<void> {
  const provider = options.providers.find(name);
  // Anyone may send anything here: what is counted has few names.
  const count = createCounter(options, provider === undefined ? 'unknown' : name);
  if (provider === undefined) {
    count('refused');
    throw notFound(ErrorReason.INVALID_FIELD, 'there is no such payment provider');
  }
  const { eventId, payment } = read(
    callback,
    () => provider.readCallback(callback, options.nowMs()),
    (cause) => {
      count(cause);
      options.logger.warn({ provider: name, cause }, 'a callback was refused');
    },
  );
  count(await applyPayment(options, { provider: name, payment, eventId }));
}

function read(
  { body }: RawCallback,
  verify: () => PaymentCallback,
  onRefused: (cause: string) => void,
): PaymentCallback {
  try {
    if (body.length > callbackBytesMax) throw new CallbackRefusedError('malformed');
    const read = verify();
    if (read.eventId === '' || read.eventId.length > eventIdLengthMax) throw new CallbackRefusedError('malformed');
    return read;
  } catch (error) {
    if (!(error instanceof CallbackRefusedError)) throw error;
    onRefused(error.cause);
    throw invalidArgument('body', 'is not a callback that is taken here');
  }
}

function createCounter({ metrics }: PaymentOptions, provider: string): (outcome: string) => void {
  const counter = metrics.counter({
    name: 'outcry_payment_callbacks_total',
    help: 'Callbacks of payment providers, by what was done with them',
    labels: ['provider', 'outcome'],
  });
  return (outcome) => counter.inc({ provider, outcome });
}
