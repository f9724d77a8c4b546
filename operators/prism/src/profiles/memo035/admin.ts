import type { AdminProfile } from '../component-profile.ts';
import { admin as upstreamAdmin } from '../upstream/admin.ts';
import { nobody } from '../upstream/identity.ts';

/**
 * prism-admin as the memo deploys it: the image's own arguments, HTTP on 8080, no probes. The memo knows one replica; a group of
 * several runs as upstream does, and so its Service leads to gRPC.
 */
export const admin: AdminProfile = {
  raftPort: upstreamAdmin.raftPort,
  single: {
    image: 'prism-admin:latest',
    imagePullPolicy: 'Never',
    serves: { name: 'http', port: 8080, servicePort: 8080 },
    runAs: nobody,
    stop: {},
  },
  member: upstreamAdmin.member,
};
