/** The identity of a caller: a user by access token, a service by service token, or neither (anonymous). */

import type { KeyScope } from './scopes.ts';

/** The roles of users. */
export type Role = 'user' | 'operator' | 'admin';

/** The API key behind a call. */
export type KeyClaims = {
  /** UUIDv7. */
  keyId: string;
  scopes: KeyScope[];
  /** Calls a second at the edge; 0: no limit of its own. */
  callsPerSecondMax: number;
};

/** The verified content of a user's access token. */
export type UserClaims = {
  /** UUIDv7; also the id of the account. */
  userId: string;
  roles: Role[];
  email: string;
  /** Empty for house accounts and API keys. */
  sessionId: string;
  /** True for the house accounts of the simulator. */
  house: boolean;
  /** The token for forwarded calls: as it was sent, or the one for which the API key was exchanged. */
  token: string;
  /** When the token ends, Unix milliseconds: a stream ends with it. Absent: no end. */
  expireTimeMs?: number;
  /** Set when an API key acts for the user. */
  key?: KeyClaims;
};

/** A verified caller. Both fields are set when a service forwards a user's call, neither for an anonymous call. */
export type Caller = { user?: UserClaims; service?: string };

/** The `iss` and `aud` of user access tokens. */
export const userTokenIssuer = 'outcry';

/** The `aud` of service tokens: a user token can never stand in for one. */
export const serviceTokenAudience = 'outcry-services';

/** Metadata key of the user's `Bearer` token. */
export const userTokenKey = 'authorization';

/** Metadata key of the client's IP address as the gateway sees it; ignored unless the gateway sends it. */
export const clientAddressKey = 'x-outcry-client-address';

/** Metadata key of the calling service's own token. */
export const serviceTokenKey = 'x-outcry-service-token';
