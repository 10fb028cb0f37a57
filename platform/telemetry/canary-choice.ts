/**
 * Which canaries a call asks for: `outcry-canary=<service>` members of the W3C `baggage` header. They are carried on from call to call, so that a
 * call reaches the canary of a service behind the first one; nothing else of a caller's baggage is.
 */

const member = /^\s*outcry-canary=([a-z]{1,20})\s*(?:;.*)?$/;
const baggageLengthMax = 8_192;
const choicesMax = 4;

/** The members that are carried on, as a `baggage` header; undefined when there are none. At most four; a header over 8 KiB counts as none. */
export function canaryChoiceOf(baggage: string | undefined): string | undefined {
  if (baggage === undefined || baggage.length > baggageLengthMax) return undefined;
  const services = baggage.split(',').flatMap((text) => member.exec(text)?.[1] ?? []);
  if (services.length === 0) return undefined;
  const chosen = [...new Set(services)].slice(0, choicesMax);
  return chosen.map((service) => `outcry-canary=${service}`).join(',');
}
