import { supportOf } from '../patterns/runner-support.ts';
import { profileOf } from '../profiles/profiles.ts';
import { wantedScaler } from './scaling/scaler.ts';
import type { PatternSituation } from './situation.ts';
import type { WantedPatternCondition } from './wanted-condition.ts';

/** Whether the runner can do its work, with as many pods as there may be; nothing where there is nothing to say. */
export function runnerCondition({ accepted, cluster }: PatternSituation): readonly WantedPatternCondition[] {
  const type = 'RunnerSupported';
  if (accepted === undefined || cluster === undefined) return [];
  const { asked, pattern } = accepted;
  const { autoscaling } = asked.spec;
  const most = autoscaling?.enabled === true ? autoscaling.maxReplicas : pattern.replicas;
  const support = supportOf({ ...pattern, replicas: most }, cluster, profileOf(cluster));
  if (support.kind !== 'Supported')
    return [{ type, status: 'False', reason: support.kind, message: `${capital(support.why)}.` }];
  const cautions = [...(support.caution === undefined ? [] : [support.caution]), ...streamCaution(accepted.asked.spec)];
  if (cautions.length === 0) return [];
  return [{ type, status: 'True', reason: 'WithCautions', message: `${cautions.map(capital).join('. ')}.` }];
}

/** No released runner reads a stream: they subscribe, and what they have not read yet is nowhere to be counted. */
function streamCaution(spec: Parameters<typeof wantedScaler>[0] & { readonly image?: string }): readonly string[] {
  if (wantedScaler(spec) !== 'keda' || spec.image !== undefined) return [];
  const asks = spec.autoscaling?.triggers?.some(({ type }) => type === 'nats-jetstream') === true;
  return asks
    ? [
        'it reads from core NATS, and a nats-jetstream trigger sees streams alone: it measures what this runner never reads',
      ]
    : [];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
