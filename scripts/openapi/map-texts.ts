/** JSON with each of its texts replaced. */
export function mapTexts<T>(value: T, map: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === 'string' ? map(inner) : inner,
  ) as T;
}
