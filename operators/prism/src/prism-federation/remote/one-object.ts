import type { KubeObject, ObjectRef, ReflectorSink } from '@capstan/kube';

/** Holds the one object that a reflector watches, as long as it is there. */
export class OneObject<T extends KubeObject> implements ReflectorSink<T> {
  readonly #onChange: () => void;
  #object: T | undefined;
  #isSynced = false;
  /** Whether the snapshot that is coming in has brought it. */
  #wasBrought = true;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Whether it is known if it exists. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  get object(): T | undefined {
    return this.#object;
  }

  restarted(): void {
    this.#wasBrought = false;
  }

  applied(object: T): void {
    this.#wasBrought = true;
    this.#object = object;
    this.#onChange();
  }

  deleted(): void {
    this.#object = undefined;
    this.#onChange();
  }

  synced(): void {
    if (!this.#wasBrought) this.#object = undefined;
    this.#wasBrought = true;
    this.#isSynced = true;
    this.#onChange();
  }

  held(_ref: ObjectRef): T | undefined {
    return this.#object;
  }
}
