/** The names of the claim templates; a pod's claims are `data-<pod>` and `raft-data-<pod>`. */
export const dataClaim = 'data';
export const raftClaim = 'raft-data';
