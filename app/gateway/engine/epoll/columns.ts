type Column = Uint8Array | Uint16Array | Int32Array | Float64Array;

/** A larger column with the same beginning; the rest is 0. Memory is used as it is written to, page by page. */
export function grown<Kind extends Column>(column: Kind, capacity: number): Kind {
  const larger = new (column.constructor as new (length: number) => Kind)(capacity);
  larger.set(column);
  return larger;
}
