/** Bounds of the lists: the API server budgets the cost of rules by them. */
export const mostNodes = 64;
export const mostGroups = 64;

/** Names end up in the names of pods and Services, behind the name of the cluster. */
export const namePattern = '^[a-z]([-a-z0-9]*[a-z0-9])?$';
export const longestName = 30;
