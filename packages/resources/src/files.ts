/** The server's limit for all the files of a ConfigMap or Secret. */
const maxBytes = 1024 * 1024;

type Files = Readonly<Record<string, string | Uint8Array>>;

/**
 * What is wrong with the files of a ConfigMap or Secret: impossible names, a name in two groups, too many bytes.
 * Contents are never repeated in the sentences: they may be secret.
 */
export function fileProblems(groups: Readonly<Record<string, Files | undefined>>): readonly string[] {
  const files = Object.entries(groups).flatMap(([group, given]) =>
    Object.entries(given ?? {}).map(([name, content]) => ({ group, name, bytes: Buffer.byteLength(content ?? '') })),
  );
  const problems = files.flatMap(({ group, name }, index) => {
    if (!isFileName(name)) return [`${group}["${name}"]: a file name is made of letters, digits, "-", "_" and "."`];
    const twin = files.slice(0, index).find((other) => other.name === name);
    return twin === undefined ? [] : [`${group}["${name}"]: the same file is also under ${twin.group}`];
  });
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxBytes) return problems;
  return [
    ...problems,
    `${Object.keys(groups).join(', ')}: ${total} bytes in all, and the API server takes ${maxBytes}`,
  ];
}

function isFileName(name: string): boolean {
  return /^[-._A-Za-z0-9]{1,253}$/.test(name) && name !== '.' && !name.startsWith('..');
}
