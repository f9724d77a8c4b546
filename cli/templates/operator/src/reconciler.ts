import { type Reconciler, standingOf } from '@capstan/runtime';
import { SampleApp } from './api/v1alpha1/sample-app.ts';
import { planOf } from './children/plan.ts';
import { judge } from './judge/judge.ts';
import { observe } from './observe.ts';
import { refused, statusOf } from './status.ts';

/** Drives one sample app towards its spec: judge, apply, observe, report. */
export const reconcileSampleApp: Reconciler<SampleApp> = async (resource, pass) => {
  // A CRD that was replaced by hand may have lost the defaults; what is below relies on them.
  const sampleApp = SampleApp.withDefaults(resource);

  const refusal = judge(sampleApp);
  if (refusal !== undefined) {
    const status = statusOf(sampleApp, observe(sampleApp, pass.cache), refused(refusal), pass.now);
    return pass.report({
      status,
      events: [{ type: 'Warning', reason: refusal.reason, action: 'Judge', note: refusal.message }],
    });
  }

  const outcome = await pass.apply(planOf(sampleApp));
  const status = statusOf(sampleApp, observe(sampleApp, pass.cache), standingOf(outcome), pass.now);
  return pass.report({ status });
};
