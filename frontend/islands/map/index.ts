/** A megabyte of map is fetched only by those who come to see one: not by every cheap telephone. */
export function mount(root: HTMLElement): () => void {
  let leave = () => undefined as void;
  let gone = false;
  const watcher = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    void import("./frame").then(({ Frame }) => {
      if (gone) return;
      const frame = new Frame(root);
      leave = () => frame.leave();
      void frame.start();
    });
  });
  watcher.observe(root);
  return () => {
    gone = true;
    watcher.disconnect();
    leave();
  };
}
