import type { KubeObject } from '@capstan/kube';

/**
 * Compares two resourceVersions of one kind: negative when `a` is older.
 *
 * They are decimal numbers of growing size, comparable per kind since Kubernetes 1.35 (KEP-5504) and in practice before:
 * the longer text is the larger number, and equal lengths compare as text, so nothing is parsed and no digit is lost.
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `a` is a later version than `b`; an object without a version is never newer. */
export function isNewer(a: KubeObject, b: KubeObject): boolean {
  return compareResourceVersions(a.metadata.resourceVersion ?? '', b.metadata.resourceVersion ?? '') > 0;
}
