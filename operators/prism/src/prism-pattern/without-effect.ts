import type { Json } from '@capstan/crd';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { isJsonObject } from '../patterns/merge-patch.ts';
import { appliedConfig } from './backend-config.ts';
import { wantedScaler } from './scaling/scaler.ts';
import type { PatternSituation } from './situation.ts';
import type { WantedPatternCondition } from './wanted-condition.ts';

/** The fields that nothing acts upon; nothing where there is none. */
export function withoutEffect({ accepted, cluster }: PatternSituation): readonly WantedPatternCondition[] {
  if (accepted === undefined || cluster === undefined) return [];
  const { asked } = accepted;
  const sentences = [
    ...scalingFields(asked),
    ...(appliedConfig(asked, cluster).namespaceUnread
      ? [`spec.prismNamespace: a ${asked.spec.type} is told of no namespace of Prism`]
      : []),
    ...formerFields(asked),
  ];
  if (sentences.length === 0) return [];
  return [{ type: 'WithoutEffect', status: 'True', reason: 'WithoutEffect', message: `${sentences.join('; ')}.` }];
}

function scalingFields({ spec }: PrismPattern): readonly string[] {
  const { triggers = [], metrics = [], pollingInterval, cooldownPeriod } = spec.autoscaling ?? {};
  const at = 'spec.autoscaling';
  switch (wantedScaler(spec)) {
    case 'none':
      return [];
    case 'keda':
      return metrics.length > 0 ? [`${at}.metrics: are for scaler hpa; KEDA has triggers`] : [];
    case 'hpa':
      return [
        ...(triggers.length > 0 ? [`${at}.triggers: are for scaler keda`] : []),
        ...(pollingInterval === undefined ? [] : [`${at}.pollingInterval: is for scaler keda`]),
        ...(cooldownPeriod === undefined ? [] : [`${at}.cooldownPeriod: is for scaler keda`]),
      ];
  }
}

/** What a pattern that was written as v1alpha1 says and v1beta1 has no place for; kept beside it by the conversion. */
function formerFields({ metadata }: PrismPattern): readonly string[] {
  const kept = parsed(metadata.annotations?.['prism.io/conversion-data']);
  const losses: Json = isJsonObject(kept) ? (kept['v1alpha1'] ?? []) : [];
  if (!Array.isArray(losses)) return [];
  const fields = losses.flatMap((loss: Json) => (isJsonObject(loss) && 'is' in loss ? pathText(loss['path']) : []));
  return fields.length === 0 ? [] : [`written as v1alpha1, and kept without effect: ${fields.join(', ')}`];
}

/** Of fields of the spec alone, as far as their names go. */
function pathText(path: Json | undefined): readonly string[] {
  const steps = Array.isArray(path) ? path : [];
  const names = steps.filter((step: Json): step is string => typeof step === 'string');
  return names[0] === 'spec' ? [names.join('.')] : [];
}

/** Anybody may have written the annotation: what cannot be read says nothing. */
function parsed(text: string | undefined): Json | undefined {
  try {
    const value: Json = JSON.parse(text ?? '{}');
    return value;
  } catch {
    return undefined;
  }
}
