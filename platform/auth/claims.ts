/** Who calls: a person by access token, a service by its own token, or nobody. */

/** What a person may be. */
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
  /** The token as it was sent, to pass on. */
  token: string;
};

/** Who calls; both are set when a service passes a user's call on, neither for an anonymous call. */
export type Caller = { user?: UserClaims; service?: string };

/** The `iss` and `aud` of user access tokens. */
export const userTokenIssuer = 'outcry';

/** The `aud` of service tokens: a user token can never stand in for one. */
export const serviceTokenAudience = 'outcry-services';

/** Metadata key of the user's `Bearer` token. */
export const userTokenKey = 'authorization';

/** Metadata key of the address of a person's machine, as the gateway sees it; believed from the gateway alone. */
export const clientAddressKey = 'x-outcry-client-address';

/** Metadata key of the calling service's own token. */
export const serviceTokenKey = 'x-outcry-service-token';
