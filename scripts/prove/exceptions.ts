const ownerReferences =
  'asked by the admission plugin OwnerReferencesPermissionEnforcement, which is on in this run; no request shows it';

/** Permissions that no request of this run shows, each with the reason. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  streambus: { 'update streambusclusters.streambus.io/finalizers': ownerReferences },
  prism: { 'update prismclusters.prism.io/finalizers': ownerReferences },
  druid: { 'update druidingestions.druid.apache.org/finalizers': ownerReferences },
};

export function exceptionsOf(system: string): Readonly<Record<string, string>> {
  return exceptions[system] ?? {};
}
