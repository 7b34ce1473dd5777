/**
 * What accesses are to: objects of the catalog, the slots that names live in, and a few things of which there is one (the
 * system catalogs, the large objects, a file). Each has a small number, so that sets of accesses are small.
 */
export class Resources {
  readonly #numbers = new Map<string, number>();
  readonly #labels: string[] = [];

  /** The number of the resource with this name: always the same. */
  named(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const id = this.fresh(name);
    this.#numbers.set(name, id);
    return id;
  }

  /** A number for a new object. */
  fresh(label: string): number {
    this.#labels.push(label);
    return this.#labels.length - 1;
  }

  /** For people: `table public.t`. */
  label(id: number): string {
    return this.#labels[id] ?? '';
  }
}
