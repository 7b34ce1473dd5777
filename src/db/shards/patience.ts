/** Waits for it, but not longer than so many milliseconds. Leaves no timer behind. */
export async function within(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([awaited, late]);
  clearTimeout(timer);
}
