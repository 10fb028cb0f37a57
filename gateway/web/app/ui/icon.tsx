const paths = {
  search: 'M11 11l3.5 3.5M12.5 7a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0z',
  close: 'M3.5 3.5l9 9m0-9l-9 9',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  list: 'M2 4h12M2 8h12M2 12h12',
  // Palm in: towards oneself. Palm out: away.
  buy: 'M5 14V8.5L3.2 6.6M5 9V3.2m2 5V2.2m2 6V2.8m2 5.6V4.2M11 8v3.5L9.5 14',
  sell: 'M11 14V8.5l1.8-1.9M11 9V3.2m-2 5V2.2m-2 6V2.8M5 8.4V4.2M5 8v3.5L6.5 14M2 2v3m-1.5-1.5L2 2l1.5 1.5',
} as const;

/** A drawn sign beside its word; alone only for search, close and arrows, where its button is named. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** The mark: three nested octagonal steps, open in front; the floor is the brightest spot. */
export function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M8 22 2 16V8l6-6h8l6 6v8l-6 6" fill="none" stroke="var(--dim)" stroke-width="1.5" />
      <path d="M9.5 18.5 5.5 14.5v-5l4-4h5l4 4v5l-4 4" fill="none" stroke="var(--edge)" stroke-width="1.5" />
      <path d="M10.6 9h2.8L15 10.6v2.8L13.4 15h-2.8L9 13.4v-2.8z" fill="var(--ticket)" />
    </svg>
  );
}
