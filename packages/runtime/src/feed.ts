/** A stream of facts that anybody may listen to; a listener that throws never reaches the one who speaks. */
export class Feed<T> {
  readonly #listeners = new Set<(fact: T) => void>();
  readonly #onFailure: (error: unknown) => void;

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** @returns ends the subscription */
  subscribe(listener: (fact: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(fact: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(fact);
      } catch (error) {
        this.#onFailure(error);
      }
    }
  }
}
