/** What the changelog says of one version. */
export interface ChangelogSection {
  readonly version: string;
  /** As `2026-11-28`. */
  readonly date: string;
  /** Without the heading. */
  readonly text: string;
}

/**
 * The section of a version in a changelog in the form of keepachangelog.com.
 * @throws {Error} where there is none, it has no date or says nothing
 */
export function changelogSection(changelog: string, version: string): ChangelogSection {
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((each) => each.startsWith(`## [${version}]`));
  if (section === undefined)
    throw new Error(`CHANGELOG.md has no section "## [${version}] - DATE": say what is new in it`);
  const [heading = '', ...lines] = section.split('\n');
  const date = / - (?<date>\d{4}-\d{2}-\d{2})$/.exec(heading)?.groups?.['date'];
  if (date === undefined)
    throw new Error(`CHANGELOG.md gives ${version} no date: write its heading as "## [${version}] - 2026-01-31"`);
  const text = lines
    .join('\n')
    .replaceAll(/^\[[^\]]+\]: .*$/gm, '')
    .trim();
  if (text === '') throw new Error(`CHANGELOG.md says nothing about ${version}`);
  return { version, date, text };
}
