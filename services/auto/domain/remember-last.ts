/** A function that makes a value of a key, and remembers the values of the `countMax` keys that were made last. */
export function rememberLast<V>(countMax: number, make: (key: string) => V): (key: string) => V {
  const values = new Map<string, V>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    const [oldest] = values.keys();
    if (values.size >= countMax && oldest !== undefined) values.delete(oldest);
    values.set(key, value);
    return value;
  };
}
