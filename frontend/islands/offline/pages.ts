/** Names shared by the page and the worker that keeps pages for the time without a connection. */
export const PAGES = "siaga-agency-pages";
export const PARTS = "siaga-agency-parts";

export interface Keep {
  page: string;
  parts: string[];
}

/** Nobody is signed in on this device any more: what the pages told is nobody's business. */
export async function forgetPages(): Promise<void> {
  if ("caches" in self) await caches.delete(PAGES);
}
