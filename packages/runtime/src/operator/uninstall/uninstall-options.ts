import type { Clock, KubeClient, KubeObject } from '@capstan/kube';
import type { Controller } from '../../controller/controller.ts';
import type { Millis } from '../../duration.ts';
import type { Rival } from '../../leader/rival.ts';
import type { Webhook } from '../../webhook/webhook.ts';

/** What is to be known of a controller to let its resources go. */
export type UninstalledController = Pick<Controller, 'kind' | 'owns' | 'finalizer' | 'formerFinalizers'>;

/**
 * What stays as it is outside the cluster where a finalizer is taken off and nothing is cleaned up, by the finalizer:
 * `its supervisor goes on in Druid`.
 */
export type Undone = Readonly<Record<string, (resource: KubeObject) => string>>;

/** What an operator consists of, as far as it has to be taken down. */
export interface UninstalledOperator {
  /** Of its Lease and its webhook configurations, and of whoever writes in its name. */
  readonly name: string;
  readonly controllers: readonly UninstalledController[];
  readonly webhooks?: readonly Webhook[];
  /** While one of them is at work, what it put on resources is left to it. */
  readonly rivals?: readonly Rival[];
  /** Of a finalizer that is not named here, it is said that nothing was cleaned up. */
  readonly undone?: Undone;
}

export interface UninstallOptions {
  readonly client: KubeClient;
  readonly operator: UninstalledOperator;
  /** The operator's own namespace: of its Deployment, its Lease, and the Service of its webhooks. */
  readonly namespace: string;
  /** Where its Lease lies, if not there. */
  readonly leaseNamespace?: string | undefined;
  /** Is scaled to zero; without it only the Lease is waited for. */
  readonly deployment?: string | undefined;
  /** Whose resources are let go: those of every namespace unless told. */
  readonly namespaces?: readonly string[] | undefined;
  /** How long resources that are being deleted have to go while the operator is still there, and then the operator to end. */
  readonly timeoutMs: Millis;
  /** Goes on where it would stop so that nothing is lost. */
  readonly isForced?: boolean | undefined;
  /** Tells what would be done, and changes nothing. */
  readonly isDryRun?: boolean | undefined;
  /** Told of every step, a line each. */
  readonly tell: (line: string) => void;
  readonly clock?: Clock;
}

/** What the steps share. */
export type Uninstalling = UninstallOptions & { readonly clock: Clock };
