/**
 * A child that the server, or a controller later on, would refuse, or that would weaken the security of its pods.
 *
 * Its message names the child and every problem with its field path. Trying again does not help: what the child is made
 * from has to change, so an operator reports it as it reports an invalid spec.
 */
export class InvalidChildError extends Error {
  override readonly name = 'InvalidChildError';
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
