import type { CustomResourceDefinition } from '@capstan/kube';
import { closestNames } from '../explain/closest-names.ts';
import { UserError } from '../failure.ts';

/**
 * The definitions that a person means: those named, else all of the groups that the operators here work with.
 * @param groups such as `prism.io`
 * @throws {UserError} when one that is named is not installed, or none is there at all
 */
export function chosenDefinitions(
  installed: readonly CustomResourceDefinition[],
  names: readonly string[],
  groups: ReadonlySet<string>,
): readonly CustomResourceDefinition[] {
  if (names.length > 0) return [...new Set(names)].map((name) => namedDefinition(installed, name));
  const ours = installed.filter(({ spec: { group } }) => groups.has(group));
  if (ours.length > 0) return ours;
  throw new UserError(
    `no kind of Capstan's operators is installed here (groups ${[...groups].join(', ')}): name a definition, such as crates.example.com`,
  );
}

function namedDefinition(installed: readonly CustomResourceDefinition[], name: string): CustomResourceDefinition {
  const found = installed.find(({ metadata }) => metadata.name === name);
  if (found !== undefined) return found;
  const near = closestNames(
    name,
    installed.map(({ metadata }) => metadata.name),
  );
  const hint =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'kubectl get crds lists what is, as <plural>.<group>';
  throw new UserError(`there is no CustomResourceDefinition ${name}: ${hint}`);
}
