import { one } from "../../lib/dom";

/**
 * The console's own pages replace each other inside the document while the telephone is on: a page
 * that is loaded anew would end the call. Back and forward go the same way.
 */
export function goInside(region: string, on: () => boolean, signal: AbortSignal): void {
  const ours = (url: URL) =>
    url.origin === location.origin &&
    (url.pathname.startsWith(`/${region}/console/`) || url.pathname.startsWith(`/${region}/board/`));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || link.target || link.hasAttribute("download") || link.closest("[hx-get], [hx-boost]")) return;
    if (!on() || !link.closest(".console") || link.getAttribute("href")?.startsWith("#")) return;
    const url = new URL(link.href);
    if (!ours(url)) return;
    event.preventDefault();
    void go(url.pathname + url.search, true);
  }, { signal });
  // htmx would load the page anew, and has the handler that runs first.
  const former = window.onpopstate;
  window.onpopstate = (event) => {
    if (on() && ours(new URL(location.href))) void go(location.pathname + location.search, false);
    else former?.call(window, event);
  };
  signal.addEventListener("abort", () => {
    window.onpopstate = former;
  });
}

/** A whole page of the console in the place of the one that is there; the telephone stays. */
export function go(url: string, push: boolean): Promise<void> {
  return window.htmx.ajax("get", url, {
    target: ".console",
    select: ".console",
    swap: "outerHTML",
    headers: { "HX-Boosted": "true" },
    push: push ? url : "false",
  });
}

/** Work laid into the middle of the desk; from the board one goes to the desk first. */
export function open(url: string): Promise<void> {
  if (location.pathname === url) return Promise.resolve();
  return one("#desk-map") ? window.htmx.ajax("get", url, { target: "#main" }) : go(url, true);
}
