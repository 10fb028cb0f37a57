/** What an order would cost and why it would be refused: asked 150 ms after the last change, late answers dropped. */
import { computed, effect, signal } from '@preact/signals';
import type { Refusal } from '#gen/outcry/order/v1/order_pb.ts';
import { ListType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { parseMicros } from '../../figures/decimal.ts';
import { orders } from '../../rpc/clients.ts';
import { type Failure, failureOf } from '../../rpc/failure.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { placesFor } from '../../store/instruments.ts';
import { zone } from '../../store/market-clock.ts';
import { selectedInstrument } from '../../store/selected-instrument.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { draft, plainDraft } from './draft.ts';
import { fieldsFor, missingFields, optionalFieldsFor } from './draft-fields.ts';
import { termsOf } from './draft-terms.ts';
import type { Draft } from './draft-values.ts';
import { localProblem } from './fixes.ts';

/** What the server says of the draft. */
export type Preview = {
  quantity: string;
  worstPrice: string;
  holdCash: string;
  feeMax: string;
  refusal: Refusal | undefined;
};

const afterMs = 150;
// What the account has and where the market is change meanwhile.
const againEveryMs = 5_000;

/** The last answer for the draft as it is; undefined: none yet. */
export const preview = signal<Preview | undefined>(undefined);
/** Why the draft could not be previewed. */
export const previewFailure = signal<Failure | undefined>(undefined);

/** Steps of the selected symbol, in millionths. */
export const steps = computed(() => ({
  lot: parseMicros(selectedInstrument.value?.lotSize) ?? 1_000_000n,
  tick: parseMicros(selectedInstrument.value?.tickSize) ?? 10_000n,
}));

/** What is wrong with the draft by itself. */
export const ownProblem = computed(() =>
  localProblem({ draft: draft.value, ...steps.value, places: placesFor(selectedSymbol.value).price }, [
    ...fieldsFor(draft.value),
    ...optionalFieldsFor(draft.value.type),
  ]),
);

/** Begins to preview the draft. */
export function followPreview(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current = new AbortController();
  effect(() => {
    const [filled, symbol] = [draft.value, selectedSymbol.value, zone.value];
    clearTimeout(timer);
    current.abort();
    preview.value = undefined;
    previewFailure.value = undefined;
    if (!isLoggedIn.value || symbol === '' || missingFields(filled).length > 0 || ownProblem.value !== undefined)
      return;
    current = new AbortController();
    const { signal: until } = current;
    const ask = async () => {
      await read(until);
      if (!until.aborted) timer = setTimeout(ask, againEveryMs);
    };
    timer = setTimeout(ask, afterMs);
  });
}

async function read(until: AbortSignal): Promise<void> {
  try {
    const answer = await previewOf(plainDraft(), until);
    if (!until.aborted) preview.value = answer;
  } catch (error) {
    if (!until.aborted) previewFailure.value = failureOf(error);
  }
}

/** What the server says of a draft as `plainDraft` makes it. Rejects where it is not reached, or its terms are none. */
export async function previewOf(filled: Draft, signal?: AbortSignal): Promise<Preview> {
  const terms = termsOf(filled, selectedSymbol.peek());
  const [first] = terms;
  if (terms.length === 1 && first !== undefined) {
    const answer = await orders.previewOrder({ terms: first }, signal && { signal });
    const { quantity, limitPrice, holdCash, feeMax, refusal } = answer;
    return { quantity, worstPrice: limitPrice, holdCash, feeMax, refusal };
  }
  const type = filled.type === 'OCO' ? ListType.OCO : ListType.BRACKET;
  const answer = await orders.previewOrderList({ type, orders: terms }, signal && { signal });
  const [entry] = answer.orders;
  return {
    quantity: entry?.quantity ?? '',
    worstPrice: entry?.limitPrice ?? '',
    holdCash: answer.holdCash,
    feeMax: entry?.feeMax ?? '',
    refusal: answer.refusal,
  };
}
