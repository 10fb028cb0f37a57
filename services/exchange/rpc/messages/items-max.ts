/** Most items of one call. */
export const itemsMax = 500;
