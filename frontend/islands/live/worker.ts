import { Stream, type Told } from "./stream";

/**
 * One stream per browser and address, however many pages are open: HTTP/1.1 allows six connections
 * to one host, and a seventh page would hang. A SharedWorker also keeps running in hidden tabs.
 */
type Asked = { kind: "follow"; url: string; mark: string } | { kind: "refresh" } | { kind: "leave" } | "pong";

interface Shared {
  stream: Stream;
  ports: Set<MessagePort>;
}

const streams = new Map<string, Shared>();
const scope = self as unknown as { onconnect: (event: MessageEvent) => void };

function follow(url: string, mark: string, port: MessagePort): Shared {
  let shared = streams.get(url);
  if (!shared) {
    const ports = new Set<MessagePort>();
    const stream = new Stream(url, (told) => spread(shared as Shared, told), mark);
    shared = { stream, ports };
    streams.set(url, shared);
    void stream.run().then(() => {
      // Signed out: the next page that asks begins anew.
      if (streams.get(url) === shared) streams.delete(url);
    });
  }
  shared.ports.add(port);
  port.postMessage({ kind: "state", state: shared.stream.state } satisfies Told);
  // Something happened between the reading of the page and now, and only others were told.
  if (shared.stream.isAheadOf(mark)) port.postMessage({ kind: "resync" } satisfies Told);
  return shared;
}

function spread(shared: Shared, told: Told): void {
  for (const port of shared.ports) port.postMessage(told);
}

function leave(shared: Shared | null, url: string, port: MessagePort): void {
  if (!shared) return;
  shared.ports.delete(port);
  if (shared.ports.size > 0) return;
  shared.stream.stop();
  if (streams.get(url) === shared) streams.delete(url);
}

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  let shared: Shared | null = null;
  let url = "";
  port.onmessage = ({ data }: MessageEvent<Asked>) => {
    if (data === "pong") return;
    if (data.kind === "follow") {
      url = data.url;
      shared = follow(url, data.mark, port);
    } else if (data.kind === "refresh") shared?.stream.refresh();
    else leave(shared, url, port);
  };
  port.start();
};
