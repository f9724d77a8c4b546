/** Resolves as soon as `condition` holds; rejects with `what` after `limitMs`, 10 s unless told. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const until = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`within ${limitMs} ms it never came true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
