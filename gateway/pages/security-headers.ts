/** Headers of everything that is served to browsers beside RPCs. */

const policy: Record<string, string> = {
  // Nothing comes from elsewhere, and no script or style runs but files of the gateway: nothing inline, no eval.
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  // Small pictures of style sheets are inside of them.
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  // Forms are sent by scripts; without them a form with a password would go into an address.
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  // No text can be made into markup or a script's address, and there is no policy that would let it.
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
};

const unusedFeatures = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'serial', 'display-capture'];

const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': Object.entries(policy)
    .map(([directive, value]) => `${directive} ${value}`)
    .join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': unusedFeatures.map((feature) => `${feature}=()`).join(', '),
};

const transportSecurity = { 'Strict-Transport-Security': 'max-age=31536000' };

/** The headers; over TLS with HSTS for a year. */
export function securityHeadersFor({ isSecure }: { isSecure: boolean }): Readonly<Record<string, string>> {
  return isSecure ? { ...securityHeaders, ...transportSecurity } : securityHeaders;
}
