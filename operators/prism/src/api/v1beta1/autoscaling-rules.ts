import { rule, type ValidationRule } from '@capstan/crd';

/** What the fields of an autoscaler are called in one version of the kind. */
export interface AutoscalingNames {
  readonly cpu: string;
  readonly memory: string;
}

/**
 * CEL: whether KEDA scales.
 * @param at path to the autoscaling, such as `self`
 */
function byKeda(at: string): string {
  return `(has(${at}.scaler) ? ${at}.scaler == 'keda' : has(${at}.triggers) && size(${at}.triggers) > 0)`;
}

/** What holds within the autoscaling itself, where it is enabled. */
export function boundRules({ cpu, memory }: AutoscalingNames): readonly ValidationRule[] {
  const measured = `has(self.${cpu}) || has(self.${memory}) || (has(self.triggers) && size(self.triggers) > 0)`;
  return [
    rule('!self.enabled || self.minReplicas <= self.maxReplicas', 'must not be greater than maxReplicas', {
      fieldPath: '.minReplicas',
    }),
    rule(
      `!self.enabled || self.minReplicas > 0 || ${byKeda('self')}`,
      'must be 1 at least with scaler hpa: only KEDA can tell that there is work while no pod runs',
      { fieldPath: '.minReplicas' },
    ),
    rule(
      `!self.enabled || !${byKeda('self')} || ${measured}`,
      `needs one at least with scaler keda, or ${cpu} or ${memory}: KEDA would have nothing to ask`,
      { fieldPath: '.triggers' },
    ),
  ];
}

/** An autoscaler measures usage against requests; Kubernetes takes a limit for the request that is not given. */
export function requestRules({ cpu, memory }: AutoscalingNames): readonly ValidationRule[] {
  const at = 'self.autoscaling';
  const others = `has(${at}.${cpu}) || has(${at}.${memory}) || (has(${at}.metrics) && size(${at}.metrics) > 0)`;
  const byDefault = `!(${byKeda(at)} || ${others})`;
  return [requested('cpu', `has(${at}.${cpu}) || ${byDefault}`), requested('memory', `has(${at}.${memory})`)];
}

function requested(resource: 'cpu' | 'memory', isAimedAt: string): ValidationRule {
  const given = (where: string) => `(has(self.resources.${where}) && '${resource}' in self.resources.${where})`;
  const isScaled = 'has(self.autoscaling) && self.autoscaling.enabled';
  return rule(
    `!(${isScaled}) || !(${isAimedAt}) || (has(self.resources) && (${given('requests')} || ${given('limits')}))`,
    `needs requests.${resource}: the autoscaler aims at a share of the ${resource} that is requested`,
    { fieldPath: '.resources', reason: 'FieldValueRequired' },
  );
}
