/** The metadata of an object, field for field that of `@capstan/kube`, which this package does not import. */
export interface ResourceMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly ResourceOwner[];
  readonly managedFields?: readonly ResourceFieldOwnership[];
}

/** Who owns an object; `metav1.OwnerReference`. */
export interface ResourceOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Who owns which fields; `metav1.ManagedFieldsEntry`. */
export interface ResourceFieldOwnership {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: ResourceFieldSet;
  readonly subresource?: string;
  readonly time?: string;
}

/** A tree of owned fields. */
export interface ResourceFieldSet {
  readonly [key: string]: ResourceFieldSet;
}
