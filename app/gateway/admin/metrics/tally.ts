/** Counts by labels, until they are forgotten. */
export class Tally<Label extends string> {
  readonly #cells = new Map<string, { readonly labels: Readonly<Record<Label, string | number>>; value: number }>();

  add(labels: Readonly<Record<Label, string | number>>, amount = 1): void {
    const key = Object.values(labels).join("\u0000");
    const cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, { labels, value: amount });
    else cell.value += amount;
  }

  /** Gives all to whoever wants them. */
  read(put: (labels: Readonly<Record<Label, string | number>>, value: number) => void): void {
    for (const { labels, value } of this.#cells.values()) put(labels, value);
  }

  /** Forgets those of one value of a label. */
  forget(label: Label, value: string | number): void {
    for (const [key, { labels }] of this.#cells) if (labels[label] === value) this.#cells.delete(key);
  }
}
