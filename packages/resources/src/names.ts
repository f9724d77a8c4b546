/** What a kind of object may be called. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly maxLength: number;
  /** Completes "must be at most N characters of ...". */
  readonly alphabet: string;
  /** Why the length is what it is, where Kubernetes' own limit would let a longer name through that fails later. */
  readonly because?: string;
}

const label = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  alphabet: 'a-z, 0-9 and "-", with a letter or digit at both ends',
};

/** RFC 1123 label: pods' host names, containers, volumes, Services' ports. */
export const dnsLabel: NameRule = { ...label, maxLength: 63 };

/** RFC 1123 subdomain: most kinds. */
export const dnsSubdomain: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maxLength: 253,
  alphabet: 'a-z, 0-9, "-" and ".", with a letter or digit at both ends of each part',
};

/** RFC 1035 label: a Service is a name in DNS. */
export const serviceName: NameRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  alphabet: 'a-z, 0-9 and "-", with a letter first and a letter or digit last',
};

/** The server takes 253 characters, and the controller then cannot create a single pod. */
export const statefulSetName: NameRule = {
  ...label,
  maxLength: 52,
  because: 'its pods carry a label of that name and eleven characters more, and a label takes 63',
};

export const jobName: NameRule = { ...label, maxLength: 63 };

export const cronJobName: NameRule = {
  ...label,
  maxLength: 52,
  because: 'its Jobs have that name and eleven characters more, and theirs takes 63',
};

/** A key of RBAC: anything that fits into a URL path. */
export const pathSegment: NameRule = {
  pattern: /^(?!\.{1,2}$)[^/%]+$/,
  maxLength: 253,
  alphabet: 'anything but "/" and "%"',
};

/** A port's name in a container: IANA's service name. */
export const portName: NameRule = {
  pattern: /^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 15,
  alphabet: 'a-z, 0-9 and single "-", among them a letter, with a letter or digit at both ends',
};

/** Why a name cannot be used; `undefined` when it can. */
export function nameProblem(name: string | undefined, rule: NameRule): string | undefined {
  if (name === undefined || name === '') return 'is missing: name the child';
  const { pattern, maxLength, alphabet, because } = rule;
  if (name.length > maxLength) {
    const why = because === undefined ? '' : ` (${because})`;
    return `"${name}" has ${name.length} characters, and ${maxLength} are the most there may be${why}: use a shorter name`;
  }
  return pattern.test(name) ? undefined : `"${name}" must be made of ${alphabet}`;
}

const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** What is wrong with labels, each problem with its path. */
export function labelProblems(labels: Readonly<Record<string, string>>, path: string): readonly string[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const at = `${path}["${key}"]`;
    if (!labelKey.test(key))
      return [`${at}: is no label key: it takes an optional DNS prefix, "/", and up to 63 characters`];
    // An absent value is dropped, not refused.
    if (value === undefined || value === null || labelValue.test(value)) return [];
    return [
      `${at}: "${value}" is no label value: it takes up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends`,
    ];
  });
}
