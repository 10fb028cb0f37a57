/** The identity of a caller: a user by access token, a service by service token, or neither (anonymous). */

/** The roles of users. */
export type Role = 'user' | 'operator' | 'admin';

/** The verified content of a user's access token. */
export type UserClaims = {
  /** UUIDv7; also the id of the account. */
  userId: string;
  roles: Role[];
  email: string;
  sessionId: string;
  /** True for the house accounts of the simulator. */
  house: boolean;
  /** The token as it was sent, for forwarded calls. */
  token: string;
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
