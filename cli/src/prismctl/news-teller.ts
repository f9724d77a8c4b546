import type { News } from './text/line.ts';

/**
 * Makes a function that is given what everything is now, and tells what is not as it was the time before.
 * @param tell is given one thing that changed, or is gone
 */
export function tellNews(tell: (text: string) => void): (news: readonly News[], isKnown: boolean) => void {
  let before = new Map<string, string>();
  return (news, isKnown) => {
    const after = new Map(news.map(({ about, text }) => [about, text]));
    if (!isKnown) {
      for (const [about, text] of after) if (before.get(about) !== text) tell(text);
      for (const about of before.keys()) if (!after.has(about)) tell(`gone: ${about}`);
    }
    before = after;
  };
}
