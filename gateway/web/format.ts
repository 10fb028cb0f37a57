/** How figures are written. They are decimals in text and stay so: nothing here computes. */

/** With separators between thousands: `1234567.50` becomes `1,234,567.50`. Empty stays empty. */
export function grouped(decimal: string | undefined): string {
  if (decimal === undefined) return '';
  const [whole = '', fraction] = decimal.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** An amount of cash in cents, grouped: cut and not rounded, so that no more is shown than there is. */
export function inCents(decimal: string | undefined): string {
  return grouped(decimal?.replace(/(\.\d\d)\d+$/, '$1'));
}

/** Like `inCents`, with a plus before what is greater than zero. */
export function signed(decimal: string | undefined): string {
  const text = inCents(decimal);
  return text === '' || text.startsWith('-') || /^[0.,]*$/.test(text) ? text : `+${text}`;
}

/** An enum's name without its prefix, in words: `ORDER_STATUS_PARTIALLY_FILLED` becomes `partially filled`. */
export function words(name: string | undefined, prefix: string): string {
  return (name ?? '').replace(prefix, '').replaceAll('_', ' ').toLowerCase();
}

/** A timestamp as this place's time of day. */
export function timeOfDay(timestamp: string | undefined): string {
  return timestamp === undefined ? '' : new Date(timestamp).toLocaleTimeString();
}
