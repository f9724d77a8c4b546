import type { Container } from '@capstan/kube';
import { agentMounts } from './proxy-volumes.ts';

/** Where the operator's image has Node, and the agent beside the operator. */
const node = '/nodejs/bin/node';
const agent = '/agent.mjs';

/** Small pages and no background threads: the agent does next to nothing, in every pod that has a proxy. */
const nodeFlags = ['--max-semi-space-size=1', '--max-old-space-size=24', '--v8-pool-size=1'];

/**
 * The sidecar that tells a running HAProxy of new certificates, lists and limits. Its image is the operator's own.
 *
 * It has no probes: the broker does not wait for it, and nothing but its own end makes the pod unready. It ends, with exit code 0
 * and a termination message, when HAProxy has not taken something for a quarter of an hour; then the kubelet starts it again
 * at once. See `kubectl describe pod`: restarts and last state of `proxy-agent`.
 */
export function agentContainer(image: string): Container {
  return {
    name: 'proxy-agent',
    image,
    imagePullPolicy: 'IfNotPresent',
    restartPolicy: 'Always',
    command: [node, ...nodeFlags, agent],
    resources: { requests: { cpu: '5m', memory: '24Mi' }, limits: { memory: '64Mi' } },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [...agentMounts],
  };
}
