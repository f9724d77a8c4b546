import { converting, type Webhook } from '@capstan/runtime';
import { PrismPatterns } from './api/v1beta1/prism-patterns.ts';

/** What API servers call the operator for: patterns of the former version of their kind. */
export const prismWebhooks: readonly Webhook[] = [converting(PrismPatterns)];
