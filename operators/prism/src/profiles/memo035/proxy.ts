import type { ComponentProfile, ServedPort } from '../component-profile.ts';
import { nobody } from '../upstream/identity.ts';
import { proxy as upstreamProxy } from '../upstream/proxy.ts';

/**
 * prism-proxy as the memo deploys it, on 50051 with gRPC health checks. The proxy of upstream has neither and would be
 * restarted for ever: this is for an installation with a proxy of its own.
 */
export const proxy: ComponentProfile & { readonly serves: ServedPort } = {
  image: 'prism-proxy:latest',
  imagePullPolicy: 'Never',
  env: [
    { name: 'RUST_LOG', value: 'info' },
    { name: 'PRISM_ADMIN_URL', value: '{adminUrl}' },
  ],
  serves: { name: 'grpc', port: 50_051, servicePort: 50_051, appProtocol: 'grpc' },
  otherPorts: [{ name: 'metrics', port: 9090 }],
  readinessProbe: { grpc: { port: 50_051 }, initialDelaySeconds: 5, periodSeconds: 5 },
  livenessProbe: { grpc: { port: 50_051 }, initialDelaySeconds: 10, periodSeconds: 10 },
  runAs: nobody,
  stop: upstreamProxy.stop,
};
