/**
 * A child that the server, or a controller later on, would refuse, or that would weaken the security of its pods.
 *
 * Its message names the child and every problem with its field path. Trying again does not help: what the child is made
 * from has to change, so the runtime tells the user by an event and waits for an edit.
 */
export class InvalidChildError extends Error {
  override readonly name = 'InvalidChildError';
  /** Tells the runtime, which this package does not know, that trying again is of no use. */
  readonly isTerminal = true;
  readonly reason = 'InvalidChild';
  /** `StatefulSet/orders`. */
  readonly child: string;
  /** One sentence each, starting with the field path. */
  readonly problems: readonly string[];

  constructor(child: string, problems: readonly string[]) {
    super(`${child}: ${problems.join('; ')}`);
    this.child = child;
    this.problems = problems;
  }
}
