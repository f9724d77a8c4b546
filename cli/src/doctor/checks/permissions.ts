import type { Observation } from '../finding.ts';
import { type Read, unseen, whenSeen } from '../read.ts';
import type { AccessSight, AccountSight } from '../seen-access.ts';
import type { Survey } from '../survey.ts';

/** What is told of what is not allowed, at most. */
const maxTold = 4;

/** Whether whoever asks may install, and whether the operators' accounts may do what the operators do. */
export function checkPermissions({ access }: Pick<Survey, 'access'>): readonly Observation[] {
  return access.flatMap((sight) => [
    ...ofInstaller(sight),
    ...sight.accounts.flatMap((each) => ofAccount(sight, each)),
  ]);
}

function ofInstaller({ operator, installer }: AccessSight): readonly Observation[] {
  const where = `you, installing ${operator}`;
  return whenSeen(installer, where, (denied) => {
    if (denied.length === 0) return [{ level: 'ok', where, says: 'may make everything that the manifests hold' }];
    const remedy = 'have somebody install it who may, such as a cluster administrator';
    return [{ level: 'warning', where, says: `may not ${told(denied)}`, remedy }];
  });
}

function ofAccount({ operator }: AccessSight, read: Read<AccountSight | undefined>): readonly Observation[] {
  if (!read.seen) return [unseen(`account of ${operator}`, read.why)];
  const account = read.value;
  if (account === undefined)
    return [
      { level: 'ok', where: `account of ${operator}`, says: 'does not exist yet; --as-operator asks all the same' },
    ];
  const where = `ServiceAccount ${account.namespace}/${account.name}`;
  if (account.denied.length === 0) return [{ level: 'ok', where, says: 'may do everything that the operator does' }];
  const remedy = `kubectl apply --server-side -f deploy/${operator}/account.yaml`;
  return [{ level: 'problem', where, says: `may not ${told(account.denied)}`, remedy }];
}

function told(denied: readonly string[]): string {
  const more = denied.length - maxTold;
  return more > 0 ? `${denied.slice(0, maxTold).join(', ')} and ${more} more` : denied.join(', ');
}
