import { readFile } from 'node:fs/promises';

/** How many lines are shown of a log, and how long each is at most. */
const SHOWN = { lines: 8, width: 300 };

/** The end of a log, indented: the lines that match `complaint` where there are any, else simply the last. */
export async function lastLines(logFile: string, complaint: RegExp): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.filter((line) => complaint.test(line));
  const shown = (complaints.length > 0 ? complaints : lines).slice(-SHOWN.lines);
  return shown.map((line) => `  ${line.slice(0, SHOWN.width)}`).join('\n');
}
