// Timers of a worker go on in a hidden tab; those of a page are slowed to one a minute.
const EVERY_MS = 5_000;

self.setInterval(() => self.postMessage("tick"), EVERY_MS);
