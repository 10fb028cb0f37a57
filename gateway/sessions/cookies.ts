/** The cookies of browsers' sessions: for the RPCs of sessions only, and out of reach for scripts. */

/** `session`: the refresh token. `device`: the same, but it stays at a log-out, and proves at the next log-in that the device is known. */
export type CookieName = 'session' | 'device';

// Cookies whose name begins so are taken over TLS only, also from a name beside this one.
const securePrefix = '__Secure-';
const path = '/outcry.user.v1.SessionService';

/** The cookie's value in a request; undefined when there is none. */
export function readCookie(header: Headers, name: CookieName, isSecure: boolean): string | undefined {
  const fullName = fullNameOf(name, isSecure);
  const pairs = (header.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${fullName}=`))?.slice(fullName.length + 1) || undefined;
}

/** The text of Set-Cookie; at an age of 0 s the browser deletes the cookie. */
export function writeCookie(
  name: CookieName,
  { value, maxAgeSeconds, isSecure }: { value: string; maxAgeSeconds: number; isSecure: boolean },
): string {
  const secure = isSecure ? '; Secure' : '';
  const bounds = `Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
  return `${fullNameOf(name, isSecure)}=${value}; ${bounds}`;
}

function fullNameOf(name: CookieName, isSecure: boolean): string {
  return `${isSecure ? securePrefix : ''}outcry_${name}`;
}
