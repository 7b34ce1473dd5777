/**
 * Parts of one JSON array, each element of which begins with `,` and a line feed, put together: the first comma becomes the
 * bracket, and the end is added behind the last.
 */
export class JsonArray {
  #hasElements = false;

  /** A part, as it is to be written. */
  add(part: string): string;
  add(part: string | Uint8Array): string | Uint8Array;
  add(part: string | Uint8Array): string | Uint8Array {
    if (this.#hasElements || part.length === 0) return part;
    this.#hasElements = true;
    if (typeof part === 'string') return `[${part.slice(1)}`;
    const opened = part.slice();
    opened[0] = OPENING_BRACKET;
    return opened;
  }

  /** What is to be written last. */
  end(): string {
    return this.#hasElements ? '\n]\n' : '[]\n';
  }
}

const OPENING_BRACKET = '['.charCodeAt(0);
